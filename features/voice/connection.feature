@needs-voice
Feature: Voice data that comes again

  @LL-VOICE-010 @observed
  Rule: The same voice data keep the connection
    The documentation does not tell.
    Sources: docs/observed/voice.md#voice-data-again; fixtures/recordings/voice/voice_connection_reuse.json

    @LL-VOICE-010.a
    Scenario: Sent twice
      Given a connected client
      And the player is in a voice channel
      When the client updates the player with {"voice": ${voice}}
      Then the answer is 200
      And no message follows
      And the player contains {"state": {"connected": true}}

  @LL-VOICE-011 @must
  Rule: Other voice data open another connection
    Discord tells new ones when a channel gets another voice server.
    Sources: Lavalink docs, api/rest.md "Voice State"; docs/observed/voice.md#voice-data-again; fixtures/recordings/voice/voice_connection_reuse.json

    @LL-VOICE-011.d
    Scenario Outline: Another <part>
      Given a connected client
      And the player is in a voice channel
      And another "<part>" in the voice data
      When the client updates the player with {"voice": ${voice}}
      Then the voice gateway sees "identify" 2 times
      And the player comes to contain {"state": {"connected": true}, "voice": ${voice}}

      Examples:
        | part      |
        | token     |
        | sessionId |

    @LL-VOICE-011.b
    Scenario: Another voice server
      Given a connected client
      And the player is in a voice channel
      And a voice channel for player "other"
      When the client updates the player with {"voice": ${voice.other}}
      Then the voice gateway of player "other" sees "identify"
      And the player comes to contain {"state": {"connected": true}, "voice": ${voice.other}}

    @LL-VOICE-011.c @needs-http-source
    Scenario: A track plays on
      Given a connected client
      And the player plays in a voice channel "tone-5s.wav"
      And 1 seconds pass
      And another "token" in the voice data
      When the client updates the player with {"voice": ${voice}}
      Then the client receives "TrackEndEvent" within 8 seconds with {"reason": "finished"}

  @LL-VOICE-040 @observed
  Rule: Other voice data close the old connection with 1000, then connect
    The real server sometimes resumes the old connection beside the new one, and tells nobody of its
    end.
    Sources: docs/observed/voice.md#voice-data-again; fixtures/recordings/voice/voice_connection_reuse.json

    @LL-VOICE-040.b @quirk
    Scenario: It is told
      Given a connected client
      And the player is in a voice channel
      And another "token" in the voice data
      When the client updates the player with {"voice": ${voice}}
      Then the closed connection is told with 1000, or not at all (quirk)

    @LL-VOICE-040.a
    Scenario Outline: Another <part>
      Given a connected client
      And the player is in a voice channel
      And another "<part>" in the voice data
      When the client updates the player with {"voice": ${voice}}
      Then the voice gateway sees "identify" 2 times
      And the voice gateway sees the bot leave with 1000
      And the player comes to contain {"state": {"connected": true}}

      Examples:
        | part      |
        | token     |
        | sessionId |
        | channelId |

  @LL-VOICE-012 @observed
  Rule: Audio goes on when the gateway has ended the session
    The documentation does not tell, and Discord's client is gone from the channel then.
    Sources: docs/observed/voice.md#sessions-that-the-gateway-ends; fixtures/recordings/voice/voice_gateway_closed.json

    @LL-VOICE-012.a @needs-http-source
    Scenario: A track plays to its end
      Given a connected client
      And the player plays in a voice channel "tone-3s.wav"
      And 1 seconds pass
      When the voice gateway closes with 4014 "gone"
      Then the client receives "WebSocketClosedEvent" with {"code": 4014}
      And the client receives "TrackEndEvent" within 6 seconds with {"reason": "finished", "track": {"info": {"position": 2980}}}
      And the voice channel hears 149 to 150 frames within 1.5 seconds

    @LL-VOICE-012.b @needs-http-source
    Scenario: A new track plays too, and the voice data are kept
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1s.wav"
      And the voice gateway closes with 4014 "gone"
      And the client receives "WebSocketClosedEvent" with {"code": 4014}
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives "TrackStartEvent"
      And the player contains {"state": {"connected": false}, "voice": ${voice}}
      And the client receives "TrackEndEvent" within 4 seconds with {"reason": "finished"}
      And the voice channel hears 49 to 50 frames within 1.5 seconds

  @LL-VOICE-013 @observed
  Rule: After the gateway has ended the session the same voice data connect again
    Sources: docs/observed/voice.md#voice-data-again

    @LL-VOICE-013.a
    Scenario: Connected again
      Given a connected client
      And the player is in a voice channel
      And the voice gateway closes with 4014 "gone"
      And the client receives "WebSocketClosedEvent" with {"code": 4014}
      And the client receives "playerUpdate" with {"state": {"connected": false}}
      When the client updates the player with {"voice": ${voice}}
      Then the answer is 200
      And the client receives "playerUpdate" with {"state": {"connected": true}}
      And the voice gateway sees "identify" 2 times

  @LL-VOICE-031 @observed
  Rule: A connection that the gateway has ended does not end again with its player
    Sources: docs/observed/voice.md#sessions-that-the-gateway-ends

    @LL-VOICE-031.a
    Scenario: Destroyed after 4014
      Given a connected client
      And the player is in a voice channel
      And the voice gateway closes with 4014 "gone"
      And the client receives "WebSocketClosedEvent" with {"code": 4014}
      When the client destroys the player
      Then no "WebSocketClosedEvent" follows within 2 seconds

  @LL-VOICE-032 @must
  Rule: A session that ends leaves its voice channels
    Sources: Lavalink docs, api/index.md "Resuming"; docs/observed/sessions.md#sessions-that-end; docs/observed/voice.md#leaving; fixtures/recordings/playback/14_drop_without_resuming.json

    @LL-VOICE-032.a @needs-http-source
    Scenario: The client is gone
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 1 seconds pass
      When the client drops the connection
      Then the voice gateway is without the bot
      And the voice channel hears 0 to 75 more frames within 1.5 seconds
      And the voice channel hears nothing for 1 seconds
