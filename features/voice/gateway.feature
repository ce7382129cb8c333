@needs-voice
Feature: The voice gateway
  What a server says to Discord's voice servers, and what it makes of their answers.

  @LL-VOICE-001 @must
  Rule: The server identifies with what the bot was told
    Sources: truth.md 6; voice.md 0

    @LL-VOICE-001.a
    Scenario: Token, session, guild and user
      Given a connected client
      And a voice channel
      When the client updates the player with {"voice": ${voice}}
      Then the answer is 200
      And the answer contains {"state": {"connected": true, "ping": 0}, "voice": ${voice}}
      And the voice gateway sees "connect"
      And the voice gateway sees "identify" with {"server_id": "${guild}", "user_id": "${user}"}
      And the voice gateway sees "select" with {"mode": "aead_aes256_gcm_rtpsize"}

  @LL-VOICE-002 @should
  Rule: A playerUpdate tells when the gateway is ready
    Sources: truth.md 6; voice.md 1

    @LL-VOICE-002.a
    Scenario: One, without a track
      Given a connected client
      And a voice channel
      When the client updates the player with {"voice": ${voice}}
      Then the client receives "playerUpdate" with {"guildId": "${guild}", "state": {"connected": true, "ping": 0, "position": 0}}
      And no "playerUpdate" follows

    @LL-VOICE-002.b
    Scenario: None as long as it is not
      Given a connected client
      And a voice channel
      And the voice gateway withholds "ready"
      When the client updates the player with {"voice": ${voice}}
      Then the answer is 200
      And no "playerUpdate" follows within 2 seconds

  @LL-VOICE-003 @must
  Rule: A gateway that ends the session is told, and the player is no longer connected
    Sources: truth.md 6; voice.md 9; recording voice_gateway_closed

    @LL-VOICE-003.a
    Scenario Outline: Closed with <code>
      Given a connected client
      And the player is in a voice channel
      When the voice gateway closes with <code> "why"
      Then the client receives "WebSocketClosedEvent" with {"guildId": "${guild}", "code": <code>, "reason": "why", "byRemote": true}
      And the client receives "playerUpdate" with {"guildId": "${guild}", "state": {"connected": false}}

      Examples:
        | code |
        | 1000 |
        | 4004 |
        | 4006 |
        | 4011 |
        | 4014 |
        | 4021 |
        | 4022 |

    @LL-VOICE-003.b
    Scenario: Closed instead of ready
      Given a connected client
      And a voice channel
      And the voice gateway answers with 4006 "gone"
      When the client updates the player with {"voice": ${voice}}
      Then the answer is 200
      And the client receives "WebSocketClosedEvent" with {"code": 4006, "reason": "gone", "byRemote": true}

  @LL-VOICE-004 @should
  Rule: A connection that only broke is resumed, and nobody is told
    Sources: truth.md 6; voice.md 9; recording voice_gateway_closed

    @LL-VOICE-004.a
    Scenario: Dropped
      Given a connected client
      And the player is in a voice channel
      When the voice gateway drops the connection
      Then the voice gateway sees "connect" 2 times
      And the voice gateway sees "resume" with {"server_id": "${guild}"}
      And no message follows

  @LL-VOICE-005 @should
  Rule: A gateway that refuses the connection is 500 "Failed to connect to voice server"
    Sources: truth.md 6; voice.md 10

    @LL-VOICE-005.a
    Scenario Outline: Refused with <status>
      Given a connected client
      And a voice channel
      And the voice gateway refuses with <status>
      When the client updates the player with {"voice": ${voice}}
      Then the answer is 500 "Failed to connect to voice server"
      And the player contains {"state": {"connected": false, "ping": -1}, "voice": {"token": "", "endpoint": "", "sessionId": ""}}

      Examples:
        | status |
        | 403    |
        | 503    |

  @LL-VOICE-006 @must
  Rule: Destroying the player leaves the voice channel
    Sources: truth.md 5; voice.md 7

    @LL-VOICE-006.a @needs-http-source
    Scenario: While a track plays
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      When the client destroys the player
      Then the client receives in this order:
        | kind                 | with                                                              |
        | TrackEndEvent        | {"reason": "stopped"}                                             |
        | WebSocketClosedEvent | {"code": 1000, "reason": ""}                                      |
        | playerUpdate         | {"state": {"connected": false, "position": 0, "ping": -1}}        |
      And the voice gateway sees the bot leave with 1000

  @LL-VOICE-007 @should
  Rule: The ping is the time between a heartbeat and its acknowledgement
    It is 0 before the first one.
    Sources: truth.md 6; voice.md 1; recording voice_ping

    @LL-VOICE-007.a
    Scenario: Heartbeats are sent as often as the gateway wants
      Given a connected client
      And a voice channel
      And the voice gateway wants a heartbeat every 0.5 seconds
      When the client updates the player with {"voice": ${voice}}
      And the client receives "playerUpdate"
      And 1.7 seconds pass
      Then the voice gateway sees "heartbeat" 3 times
      And the player contains {"state": {"connected": true, "ping": "#range 0..200"}}
