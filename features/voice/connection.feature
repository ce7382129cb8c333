@needs-voice
Feature: Voice data that comes again

  @LL-VOICE-010 @must
  Rule: The same voice data keep the connection
    Sources: truth.md 6; voice.md 11; recording voice_connection_reuse

    @LL-VOICE-010.a
    Scenario: Sent twice
      Given a connected client
      And the player is in a voice channel
      When the client updates the player with {"voice": ${voice}}
      Then the answer is 200
      And no message follows
      And the player contains {"state": {"connected": true}}

  @LL-VOICE-011 @must
  Rule: Other voice data close the connection, and open another one
    Sources: truth.md 6; voice.md 11; recording voice_connection_reuse

    @LL-VOICE-011.a @quirk
    Scenario: Another channel of the bot's
      Given a connected client
      And the player is in a voice channel
      And a voice channel for player "other"
      When the client updates the player with {"voice": ${voice.other}}
      Then the answer is 200
      And the client receives "WebSocketClosedEvent" with {"code": 1000, "reason": ""}
      And the client receives "playerUpdate" with {"state": {"connected": false, "ping": -1}}
      And the client receives "playerUpdate" with {"state": {"connected": true}}
      And the voice gateway of player "other" sees "identify"
      And the voice gateway sees the bot leave with 1000

  @LL-VOICE-012 @must
  Rule: Audio goes on when the gateway has ended the session
    Sources: truth.md 6; voice.md 9; recording voice_gateway_closed

    @LL-VOICE-012.a @needs-http-source
    Scenario: A track plays to its end
      Given a connected client
      And the player plays in a voice channel "tone-3s.wav"
      And 1 seconds pass
      When the voice gateway closes with 4014 "gone"
      Then the client receives "WebSocketClosedEvent" with {"code": 4014}
      And the client receives "TrackEndEvent" within 6 seconds with {"reason": "finished", "track": {"info": {"position": 2980}}}
      And the voice channel hears 149 to 150 frames within 1.5 seconds

  @LL-VOICE-013 @should
  Rule: After the gateway has ended the session the same voice data connect again
    Sources: voice.md 9

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
