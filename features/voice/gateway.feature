@needs-voice
Feature: The voice gateway
  What a server says to Discord's voice servers, and what it makes of their answers.

  @LL-VOICE-001 @must
  Rule: The server identifies with what the bot was told
    Sources: Lavalink docs, api/rest.md "Voice State"; Discord docs, topics/voice-connections "Establishing a Voice Websocket Connection"; docs/observed/voice.md#connecting

    @LL-VOICE-001.a
    Scenario: Token, session, guild and user
      Given a connected client
      And a voice channel
      When the client updates the player with {"voice": ${voice}}
      Then the answer contains {"voice": ${voice}}
      And the answer at "/voice/sessionId" is remembered as "voiceSession"
      And the answer at "/voice/token" is remembered as "voiceToken"
      And the voice gateway sees "identify" with {"server_id": "${guild}", "user_id": "${user}", "session_id": "${voiceSession}", "token": "${voiceToken}"}
      And the voice gateway sees "select"

  @LL-VOICE-035 @must
  Rule: The player comes to be connected, with a ping that is not -1
    The ping is measured with a heartbeat.
    Sources: Lavalink docs, api/websocket.md "Player State"; docs/observed/voice.md#connecting

    @LL-VOICE-035.a
    Scenario: After it has joined
      Given a connected client
      And a voice channel
      And the voice gateway wants a heartbeat every 0.5 seconds
      And the client updates the player with {"voice": ${voice}}
      When the voice gateway sees "select"
      Then the player comes to contain {"state": {"connected": true, "ping": "#range 0.."}}

  @LL-VOICE-036 @observed
  Rule: The answer says connected already, with the ping 0
    It comes when the gateway's socket is open, before the gateway is ready.
    Sources: docs/observed/voice.md#connecting

    @LL-VOICE-036.a
    Scenario: Before the gateway is ready
      Given a connected client
      And a voice channel
      And the voice gateway withholds "ready"
      When the client updates the player with {"voice": ${voice}}
      Then the answer contains {"state": {"connected": true, "ping": 0}}

  @LL-VOICE-002 @observed
  Rule: A playerUpdate tells when the gateway is ready
    The documentation has it every few seconds only.
    Sources: docs/observed/voice.md#connecting

    @LL-VOICE-002.a
    Scenario: One, without a track
      Given a connected client
      And a voice channel
      When the client updates the player with {"voice": ${voice}}
      Then the client receives "playerUpdate" with {"guildId": "${guild}", "state": {"connected": true, "ping": 0, "position": 0}}
      And no "playerUpdate" follows within 7 seconds

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
    After these codes Discord wants nobody to resume.
    Sources: Lavalink docs, api/websocket.md "WebSocketClosedEvent"; Lavalink docs, api/websocket.md "Player State"; Discord docs, topics/opcodes-and-status-codes "Voice Close Event Codes"; docs/observed/voice.md#sessions-that-the-gateway-ends; fixtures/recordings/voice/voice_gateway_closed.json

    @LL-VOICE-003.c
    Scenario Outline: Closed with <code>
      Given a connected client
      And the player is in a voice channel
      When the voice gateway closes with <code> "why"
      Then the client receives "WebSocketClosedEvent" with {"guildId": "${guild}", "code": <code>, "reason": "why", "byRemote": true}
      And the player comes to contain {"state": {"connected": false}}

      Examples:
        | code |
        | 4004 |
        | 4006 |
        | 4014 |
        | 4022 |

    @LL-VOICE-003.b
    Scenario: Closed instead of ready
      Given a connected client
      And a voice channel
      And the voice gateway answers with 4006 "gone"
      When the client updates the player with {"voice": ${voice}}
      Then the client receives "WebSocketClosedEvent" with {"code": 4006, "reason": "gone", "byRemote": true}

  @LL-VOICE-037 @observed
  Rule: After these codes nobody connects again, and a playerUpdate follows the event
    Sources: docs/observed/voice.md#sessions-that-the-gateway-ends; fixtures/recordings/voice/voice_gateway_closed.json

    @LL-VOICE-037.a
    Scenario Outline: Closed with <code>
      Given a connected client
      And the player is in a voice channel
      When the voice gateway closes with <code> "why"
      Then the client receives "WebSocketClosedEvent" with {"code": <code>, "reason": "why", "byRemote": true}
      And the client receives "playerUpdate" with {"guildId": "${guild}", "state": {"connected": false}}
      And the voice gateway sees no other "connect" for 2 seconds

      Examples:
        | code |
        | 1000 |
        | 1011 |
        | 4004 |
        | 4006 |
        | 4011 |
        | 4014 |
        | 4021 |
        | 4022 |
        | 4999 |

  @LL-VOICE-004 @should
  Rule: A connection that only broke is resumed
    Sources: Discord docs, topics/voice-connections "Resuming Voice Connection"; docs/observed/voice.md#connections-that-break; fixtures/recordings/voice/voice_gateway_closed.json

    @LL-VOICE-004.a
    Scenario: Dropped
      Given a connected client
      And the player is in a voice channel
      When the voice gateway drops the connection
      Then the voice gateway sees "resume" with {"server_id": "${guild}"}

  @LL-VOICE-038 @observed
  Rule: A connection that is resumed is told nobody, and a track is heard all the while
    Lavalink's documentation has WebSocketClosedEvent for every connection that is closed.
    Sources: docs/observed/voice.md#connections-that-break; fixtures/recordings/voice/voice_gateway_closed.json

    @LL-VOICE-038.a
    Scenario: Dropped
      Given a connected client
      And the player is in a voice channel
      When the voice gateway drops the connection
      Then the voice gateway sees "resume"
      And no message follows

    @LL-VOICE-038.b @needs-http-source
    Scenario: A track
      Given a connected client
      And the player plays in a voice channel "tone-3s.wav"
      And 1 seconds pass
      When the voice gateway drops the connection
      Then the voice gateway sees "resume"
      And no message follows
      And the client receives "TrackEndEvent" within 6 seconds with {"reason": "finished", "track": {"info": {"position": 2980}}}
      And the voice channel hears 149 to 150 frames within 1.5 seconds

  @LL-VOICE-029 @observed
  Rule: A gateway that closes with a code after which a session can be resumed is told nobody
    Whether the session is resumed then differs from time to time on the real server, so only the silence
    is looked for.
    Sources: docs/observed/voice.md#connections-that-break; fixtures/recordings/voice/voice_gateway_closed.json

    @LL-VOICE-029.a
    Scenario Outline: Closed with <code>
      Given a connected client
      And the player is in a voice channel
      When the voice gateway closes with <code> "why"
      Then no "WebSocketClosedEvent" follows within 2 seconds

      Examples:
        | code |
        | 1001 |
        | 4000 |
        | 4001 |
        | 4002 |
        | 4003 |
        | 4005 |
        | 4009 |
        | 4012 |
        | 4015 |
        | 4016 |
        | 4020 |

  @LL-VOICE-030 @observed
  Rule: A connection that cannot come back is told nobody
    The real server tries once, and goes on as if it were connected. Telling it with 1006 would be better.
    If TCP ends with a reset, it sometimes ends the new connection for the old one, and then does nothing
    more.
    Sources: docs/observed/voice.md#connections-that-break; fixtures/recordings/unplayed/09_reconnect_failures.json

    @LL-VOICE-030.a @quirk @needs-http-source
    Scenario: Refused with 503
      Given a connected client
      And the player plays in a voice channel "tone-5s.wav"
      And the voice gateway refuses with 503
      When the voice gateway drops the connection
      Then the lost connection is told with 1006, or not at all (quirk)
      And the client receives "TrackEndEvent" within 8 seconds with {"reason": "finished", "track": {"info": {"position": 4980}}}
      And the voice channel hears 249 to 250 frames within 1.5 seconds

    @LL-VOICE-030.b
    Scenario: The resume is never answered
      Given a connected client
      And the player is in a voice channel
      And the voice gateway withholds "resumed"
      When the voice gateway drops the connection
      Then the voice gateway sees "resume"
      And no "WebSocketClosedEvent" follows within 3 seconds
      And the player contains {"state": {"connected": true}}

    @LL-VOICE-030.c @quirk
    Scenario: Other voice data connect again
      Given a connected client
      And the player is in a voice channel
      And the voice gateway refuses with 503
      When the voice gateway drops the connection
      Then the lost connection is told with 1006, or not at all (quirk)
      Given the voice gateway refuses nobody any more
      And another "token" in the voice data
      When the client updates the player with {"voice": ${voice}}
      Then the answer is 200
      And the voice gateway sees "identify" 2 times
      And the player comes to contain {"state": {"connected": true}}

    @LL-VOICE-030.d @quirk
    Scenario: TCP is reset, again and again
      Given a connected client
      And the player is in a voice channel
      Then the voice gateway resets the connection 6 times, and sees "resume" each time, or no more of the bot (quirk)
      And no "WebSocketClosedEvent" follows

  @LL-VOICE-005 @observed
  Rule: A gateway that refuses the connection is 500 "Failed to connect to voice server"
    The documentation does not tell.
    Sources: docs/observed/voice.md#voice-servers-that-refuse

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

    @LL-VOICE-005.b
    Scenario: It shows the certificate of another host
      Given a connected client
      And a voice channel
      And the voice gateway shows the certificate of another host
      When the client updates the player with {"voice": ${voice}}
      Then the answer is 500 "Failed to connect to voice server"
      And the player contains {"state": {"connected": false, "ping": -1}}

  @LL-VOICE-006 @must
  Rule: Destroying the player leaves the voice channel
    Sources: Lavalink docs, api/rest.md "Destroy Player"; docs/observed/voice.md#leaving

    @LL-VOICE-006.c
    Scenario: Without a track
      Given a connected client
      And the player is in a voice channel
      When the client destroys the player
      Then the voice gateway is without the bot

    @LL-VOICE-006.d @needs-http-source
    Scenario: While a track plays
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      When the client destroys the player
      Then the voice gateway is without the bot

  @LL-VOICE-039 @observed
  Rule: A destroyed player leaves with the code 1000, which is told, and a playerUpdate follows
    The real server's connection sometimes takes the end that it made itself for a break: then it
    resumes at once, for nobody, and no client is told that the channel was left.
    Sources: docs/observed/playback.md#stops-replacements-destroyed-players; docs/observed/voice.md#leaving

    @LL-VOICE-039.a @needs-http-source @quirk
    Scenario: While a track plays
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      When the client destroys the player
      Then the client is told in this order, or the bot comes back to the voice gateway (quirk):
        | kind                 | with                                                              |
        | TrackEndEvent        | {"reason": "stopped"}                                             |
        | WebSocketClosedEvent | {"code": 1000, "reason": ""}                                      |
        | playerUpdate         | {"state": {"connected": false, "position": 0, "ping": -1}}        |
      And the voice gateway sees the bot leave with 1000

    @LL-VOICE-039.b @quirk
    Scenario: Without a track
      Given a connected client
      And the player is in a voice channel
      When the client destroys the player
      Then the client is told in this order, or the bot comes back to the voice gateway (quirk):
        | kind                 | with                                                       |
        | WebSocketClosedEvent | {"code": 1000, "reason": ""}                               |
        | playerUpdate         | {"state": {"connected": false, "position": 0, "ping": -1}} |

  @LL-VOICE-007 @should
  Rule: The ping is the time between a heartbeat and its acknowledgement
    Sources: Lavalink docs, api/websocket.md "Player State"; Discord docs, topics/voice-connections "Heartbeating"; docs/observed/voice.md#heartbeats-and-ping; fixtures/recordings/voice/voice_ping.json

    @LL-VOICE-007.a
    Scenario: Heartbeats are sent as often as the gateway wants
      Given a connected client
      And a voice channel
      And the voice gateway wants a heartbeat every 0.5 seconds
      When the client updates the player with {"voice": ${voice}}
      And the voice gateway sees "select"
      And 1.7 seconds pass
      Then the voice gateway sees "heartbeat" 3 times
      And the player contains {"state": {"ping": "#range 0..200"}}

  @LL-VOICE-008 @should
  Rule: A late acknowledgement makes the ping long
    Sources: Lavalink docs, api/websocket.md "Player State"; docs/observed/voice.md#heartbeats-and-ping; fixtures/recordings/voice/voice_ping.json; fixtures/recordings/unplayed/01_ping.json

    @LL-VOICE-008.a
    Scenario: Half a second
      Given a connected client
      And a voice channel
      And the voice gateway wants a heartbeat every 3 seconds
      And the voice gateway withholds "heartbeat ack"
      And the client updates the player with {"voice": ${voice}}
      And the voice gateway sees "select"
      And 3.5 seconds pass
      And the voice gateway sees "heartbeat"
      When the voice gateway acknowledges the heartbeats
      Then the player comes to contain {"state": {"ping": "#range 300..1500"}}

  @LL-VOICE-025 @observed
  Rule: A gateway that acknowledges nothing is kept, and the ping stays what it was
    Sources: docs/observed/voice.md#heartbeats-and-ping; fixtures/recordings/unplayed/01_ping.json

    @LL-VOICE-025.a
    Scenario: Four heartbeats
      Given a connected client
      And a voice channel
      And the voice gateway wants a heartbeat every 0.5 seconds
      And the voice gateway withholds "heartbeat ack"
      And the client updates the player with {"voice": ${voice}}
      And the client receives "playerUpdate" with {"state": {"ping": 0}}
      When 2.3 seconds pass
      Then the voice gateway sees "heartbeat" 4 times
      And the player contains {"state": {"connected": true, "ping": 0}}
      And no message follows
      And the voice gateway sees no other "connect" for 1 seconds

  @LL-VOICE-014 @observed
  Rule: The ping stays what it was when the gateway has ended the session
    Sources: docs/observed/voice.md#heartbeats-and-ping

    @LL-VOICE-014.a
    Scenario: Closed with 4014
      Given a connected client
      And a voice channel
      And the voice gateway wants a heartbeat every 0.5 seconds
      And the client updates the player with {"voice": ${voice}}
      And 0.8 seconds pass
      And the voice gateway sees "heartbeat"
      When the voice gateway closes with 4014 "gone"
      Then the client receives "WebSocketClosedEvent" with {"code": 4014}
      And the client receives "playerUpdate" with {"state": {"connected": false, "ping": "#range 0.."}}

  @LL-VOICE-015 @should
  Rule: A session can be resumed again
    Sources: Discord docs, topics/voice-connections "Resuming Voice Connection"; docs/observed/voice.md#connections-that-break

    @LL-VOICE-015.a
    Scenario: Twice
      Given a connected client
      And the player is in a voice channel
      When the voice gateway drops the connection
      Then the voice gateway sees "resume" 1 times
      When 0.2 seconds pass
      And the voice gateway drops the connection
      Then the voice gateway sees "resume" 2 times

  @LL-VOICE-063 @observed
  Rule: A session can be resumed again and again, without a wait
    Others wait longer each time, as they should if a server is in trouble.
    Sources: docs/observed/voice.md#connections-that-break

    @LL-VOICE-063.a
    Scenario: Six times
      Given a connected client
      And the player is in a voice channel
      When the voice gateway drops the connection
      Then the voice gateway sees "resume" 1 times
      When 0.2 seconds pass
      And the voice gateway drops the connection
      Then the voice gateway sees "resume" 2 times
      When 0.2 seconds pass
      And the voice gateway drops the connection
      Then the voice gateway sees "resume" 3 times
      When 0.2 seconds pass
      And the voice gateway drops the connection
      Then the voice gateway sees "resume" 4 times
      When 0.2 seconds pass
      And the voice gateway drops the connection
      Then the voice gateway sees "resume" 5 times
      When 0.2 seconds pass
      And the voice gateway drops the connection
      Then the voice gateway sees "resume" 6 times

  @LL-VOICE-064 @observed
  Rule: A player is not connected from the close of its gateway to its return
    A gateway that breaks off without a close frame is taken for one that is there, also when it is given up.
    Sources: docs/observed/voice.md#connections-that-break

    @LL-VOICE-064.a
    Scenario: A close frame
      Given a connected client
      And the player is in a voice channel
      And the voice gateway withholds "upgrade"
      When the voice gateway closes with 4015 "crashed"
      Then the voice gateway sees "upgrade" 2 times
      And the player contains {"state": {"connected": false, "ping": "#range 0.."}}

    @LL-VOICE-064.b
    Scenario: TCP alone
      Given a connected client
      And the player is in a voice channel
      And the voice gateway withholds "upgrade"
      When the voice gateway drops the connection
      Then the voice gateway sees "upgrade" 2 times
      And the player contains {"state": {"connected": true, "ping": "#range 0.."}}

    @LL-VOICE-064.c
    Scenario: TCP alone, and given up
      Given a connected client
      And the player is in a voice channel
      And the voice gateway drops every connection
      When the voice gateway drops the connection
      Then the client receives "WebSocketClosedEvent" with {"code": 1006, "reason": "Abnormal closure", "byRemote": false}
      And the player contains {"state": {"connected": true}}

    @LL-VOICE-064.d
    Scenario: A close frame, and not taken back
      Given a connected client
      And the player is in a voice channel
      When the voice gateway closes with 4014 "Disconnected"
      Then the client receives "WebSocketClosedEvent" with {"code": 4014}
      And the player contains {"state": {"connected": false}}

  @LL-VOICE-016 @observed
  Rule: A gateway that drops every connection is given up, which is told as 1006
    With resets the real server mostly tells nothing.
    Sources: docs/observed/voice.md#connections-that-break

    @LL-VOICE-016.a
    Scenario: After its first word
      Given a connected client
      And the player is in a voice channel
      And the voice gateway drops every connection
      When the voice gateway drops the connection
      Then the client receives "WebSocketClosedEvent" with {"code": 1006, "reason": "Abnormal closure", "byRemote": false}

    @LL-VOICE-016.b @quirk
    Scenario: With a reset of TCP after its first word
      Given a connected client
      And the player is in a voice channel
      And the voice gateway resets every connection
      When the voice gateway drops the connection
      Then the lost connection is told with 1006, or not at all (quirk)

  @LL-VOICE-017 @should
  Rule: A session that cannot be resumed is told
    Sources: Lavalink docs, api/websocket.md "WebSocketClosedEvent"; docs/observed/voice.md#connections-that-break; fixtures/recordings/unplayed/09_drop_then_resume_rejected.json

    @LL-VOICE-017.a
    Scenario Outline: The resume is answered with <code>
      Given a connected client
      And the player is in a voice channel
      And the voice gateway answers with <code> "no longer"
      When the voice gateway drops the connection
      Then the client receives "WebSocketClosedEvent" with {"code": <code>, "reason": "no longer", "byRemote": true}
      And the player comes to contain {"state": {"connected": false}}

      Examples:
        | code |
        | 4006 |
        | 4014 |

  @LL-VOICE-018 @observed
  Rule: Of the modes that the gateway offers the first known one is chosen
    Sources: docs/observed/voice.md#modes; fixtures/recordings/unplayed/01_mode_plain_and_choice.json

    @LL-VOICE-018.a @needs-http-source
    Scenario: XChaCha20 first
      Given a connected client
      And a voice channel
      And the voice gateway offers the modes "aead_xchacha20_poly1305_rtpsize, aead_aes256_gcm_rtpsize"
      And a loaded track "tone-1s.wav"
      When the client updates the player with {"voice": ${voice}, "track": {"encoded": "${track}"}}
      Then the voice gateway sees "select" with {"mode": "aead_xchacha20_poly1305_rtpsize"}
      And the client receives "TrackEndEvent" within 4 seconds with {"reason": "finished"}
      And the voice channel hears 49 to 50 frames within 1.5 seconds
      And the voice channel hears no faults

    @LL-VOICE-018.b
    Scenario: One that nobody knows first
      Given a connected client
      And a voice channel
      And the voice gateway offers the modes "aead_rot13, aead_aes256_gcm_rtpsize"
      When the client updates the player with {"voice": ${voice}}
      Then the voice gateway sees "select" with {"mode": "aead_aes256_gcm_rtpsize"}

  @LL-VOICE-019 @observed
  Rule: A handshake that does not go on leaves the player connected, and nothing is heard
    Sources: docs/observed/voice.md#handshakes-that-go-no-further; fixtures/recordings/unplayed/10_voice_unreachable.json

    @LL-VOICE-019.a @needs-http-source
    Scenario Outline: Without <step>
      Given a connected client
      And a voice channel
      And a loaded track "tone-30s.wav"
      And the voice gateway withholds "<step>"
      When the client updates the player with {"voice": ${voice}, "track": {"encoded": "${track}"}}
      Then the client receives "TrackStartEvent"
      And no "event" follows within 2 seconds
      And the player contains {"state": {"connected": true, "position": 0}}
      And the voice channel hears 0 frames

      Examples:
        | step                |
        | ready               |
        | discovery           |
        | session description |

    @LL-VOICE-019.b @needs-http-source
    Scenario: Without a mode that is known
      Given a connected client
      And a voice channel
      And a loaded track "tone-30s.wav"
      And the voice gateway offers the modes "aead_rot13"
      When the client updates the player with {"voice": ${voice}, "track": {"encoded": "${track}"}}
      Then the answer is 200
      And the client receives "TrackStartEvent"
      And no "event" follows within 2 seconds
      And the player contains {"state": {"connected": true, "position": 0}}

  @LL-VOICE-021 @observed
  Rule: The server identifies without waiting for hello
    Sources: docs/observed/voice.md#connecting; fixtures/recordings/unplayed/10_voice_unreachable.json

    @LL-VOICE-021.a @needs-http-source
    Scenario: A track is heard all the same
      Given a connected client
      And a voice channel
      And the voice gateway withholds "hello"
      And a loaded track "tone-1s.wav"
      When the client updates the player with {"voice": ${voice}, "track": {"encoded": "${track}"}}
      Then the voice gateway sees "identify"
      And the client receives "TrackEndEvent" within 4 seconds with {"reason": "finished"}

  @LL-VOICE-022 @should
  Rule: Heartbeats acknowledge the last message that had a number
    Before version 8 of the voice gateway messages have none.
    Sources: Discord docs, topics/voice-connections "Buffered Resume"; docs/observed/voice.md#heartbeats-and-ping; fixtures/recordings/unplayed/15_voice_wire_json.json

    @LL-VOICE-022.a
    Scenario: Ready and session description
      Given a connected client
      And a voice channel
      And the voice gateway wants a heartbeat every 0.5 seconds
      When the client updates the player with {"voice": ${voice}}
      And the voice gateway numbers its messages
      And the voice gateway sees "select"
      And 1.2 seconds pass
      Then the voice gateway sees "heartbeat" 2 times with {"t": "#integer", "seq_ack": 2}

    @LL-VOICE-022.b
    Scenario: Nothing that has a number
      Given a connected client
      And a voice channel
      And the voice gateway withholds "ready"
      And the voice gateway wants a heartbeat every 0.5 seconds
      When the client begins to join: ${voice}
      And the voice gateway numbers its messages
      And the voice gateway sees "identify"
      And 0.8 seconds pass
      Then the voice gateway sees "heartbeat" with {"seq_ack": -1}

  @LL-VOICE-026 @observed
  Rule: The first heartbeat comes an interval after hello
    Sources: docs/observed/voice.md#heartbeats-and-ping; fixtures/recordings/unplayed/15_voice_wire_json.json

    @LL-VOICE-026.a
    Scenario: Two seconds
      Given a connected client
      And a voice channel
      And the voice gateway wants a heartbeat every 2 seconds
      When the client updates the player with {"voice": ${voice}}
      And the voice gateway sees "select"
      Then the voice gateway sees no "heartbeat" for 1.2 seconds
      When 1.2 seconds pass
      Then the voice gateway sees "heartbeat"

  @LL-VOICE-027 @observed
  Rule: The server says that it knows video and no end-to-end encryption, and that it does not speak yet
    Sources: docs/observed/voice.md#connecting; fixtures/recordings/unplayed/15_voice_wire_json.json

    @LL-VOICE-027.a
    Scenario: Before anything is played
      Given a connected client
      When the player is in a voice channel
      Then the voice gateway sees "identify" with {"max_dave_protocol_version": 0, "video": true}
      And the voice gateway sees "silence"
      And the voice gateway sees no other "speaking" for 1 seconds

  @LL-VOICE-028 @observed
  Rule: A server that is not told from where it is heard asks again, once a second
    Sources: docs/observed/voice.md#connecting

    @LL-VOICE-028.a
    Scenario: Nobody answers
      Given a connected client
      And a voice channel
      And the voice gateway withholds "discovery"
      When the client updates the player with {"voice": ${voice}}
      Then the voice gateway sees "discovery" 2 times
      And the voice gateway sees no other "select" for 1 seconds

  @LL-VOICE-023 @observed
  Rule: A voice server that cannot be reached is 500 "Failed to connect to voice server"
    The real server never answers such a request, and sixteen of them take its last worker.
    Sources: docs/observed/voice.md#voice-servers-that-cannot-be-reached; fixtures/recordings/unplayed/voice_unreachable.json; fixtures/recordings/unplayed/10_refused_hang_scope.json

    @LL-VOICE-023.a @quirk @needs-own-server
    Scenario Outline: <case>
      Given a connected client
      Then joining ends with 500 "Failed to connect to voice server", or without an answer (quirk): {"token": "t", "endpoint": "<endpoint>", "sessionId": "s", "channelId": "1"}
      And the player contains {"state": {"connected": false}}

      Examples:
        | case                   | endpoint          |
        | Nobody listens there   | localhost:1       |
        | A scheme before a host | wss://localhost:1 |

    @LL-VOICE-023.b @quirk @needs-own-server
    Scenario: The upgrade is never answered
      Given a connected client
      And a voice channel
      And the voice gateway withholds "upgrade"
      Then joining ends with 500 "Failed to connect to voice server", or without an answer (quirk): ${voice}
      And the player contains {"state": {"connected": false}}

  @LL-VOICE-034 @observed
  Rule: A voice server that does not answer keeps nobody waiting but who wants to join there
    Sources: docs/observed/voice.md#voice-servers-that-cannot-be-reached; fixtures/recordings/unplayed/10_refused_hang_scope.json

    @LL-VOICE-034.a @needs-own-server
    Scenario: The player itself, and another one
      Given a connected client
      And a player
      And a voice channel
      And the voice gateway withholds "upgrade"
      And a voice channel for player "other"
      When the client begins to join: ${voice}
      And the voice gateway sees "upgrade"
      And the client updates the player with {"volume": 50}
      Then the answer is 200
      And the player contains {"volume": 50, "state": {"connected": false, "ping": -1}}

    @LL-VOICE-034.c @needs-own-server
    Scenario: Another player joins elsewhere
      Given a connected client
      And a player
      And a voice channel
      And the voice gateway withholds "upgrade"
      And a voice channel for player "other"
      And the client begins to join: ${voice}
      And the voice gateway sees "upgrade"
      When the client updates player "other" with {"voice": ${voice.other}}
      Then the answer is 200
      And the voice gateway of player "other" sees "identify"

    @LL-VOICE-034.b @needs-own-server
    Scenario: A player that is destroyed and joins another voice server
      Given a connected client
      And a player
      And a voice channel
      And the voice gateway withholds "upgrade"
      And a voice channel for player "other"
      And the client begins to join: ${voice}
      And the voice gateway sees "upgrade"
      When the client destroys the player
      Then the answer is 204
      And the player does not exist
      When the client updates the player with {"voice": ${voice.other}}
      Then the answer is 200
      And the voice gateway of player "other" sees "identify"
      And the player comes to contain {"state": {"connected": true}, "voice": ${voice.other}}

  @LL-VOICE-024 @observed
  Rule: An endpoint that is no host and port is 500
    Sources: docs/observed/voice.md#endpoints-that-are-none; fixtures/recordings/unplayed/10_voice_unreachable.json

    @LL-VOICE-024.a
    Scenario Outline: <case>
      Given a connected client
      When the client updates the player with {"voice": {"token": "t", "endpoint": "<endpoint>", "sessionId": "s", "channelId": "1"}}
      Then the answer is an error 500
      And the player contains {"state": {"connected": false, "ping": -1}}

      Examples:
        | case       | endpoint           |
        | space      | local host:1       |
        | not-a-port | localhost:notaport |

  @LL-VOICE-033 @observed
  Rule: A gateway that takes its time is waited for
    Sources: docs/observed/voice.md#connecting; fixtures/recordings/unplayed/10_voice_unreachable.json

    @LL-VOICE-033.a
    Scenario: Two seconds for the upgrade
      Given a connected client
      And a voice channel
      And the voice gateway takes 2 seconds for the upgrade
      When the client updates the player with {"voice": ${voice}}
      Then the answer is 200
      And the client receives "playerUpdate" with {"state": {"connected": true}}
      And the voice gateway sees "select"

  @LL-VOICE-060 @observed
  Rule: A voice channel without a track gives no playerUpdates
    Not at an interval, and not when a heartbeat is acknowledged.
    Sources: docs/observed/voice.md#connecting; docs/observed/voice.md#heartbeats-and-ping

    @LL-VOICE-060.a
    Scenario: Six seconds
      Given a connected client
      And a voice channel
      And the voice gateway wants a heartbeat every 0.5 seconds
      When the client updates the player with {"voice": ${voice}}
      And the client receives "playerUpdate" with {"state": {"connected": true}}
      Then no message follows within 6 seconds

  @LL-VOICE-061 @observed
  Rule: The ping stays what it was when acknowledgements stop, and the connection stays too
    Sources: docs/observed/voice.md#heartbeats-and-ping; fixtures/recordings/unplayed/01_ping.json

    @LL-VOICE-061.a
    Scenario: Two heartbeats without an answer
      Given a connected client
      And a voice channel
      And the voice gateway wants a heartbeat every 1 seconds
      And the voice gateway withholds "heartbeat ack"
      And the client updates the player with {"voice": ${voice}}
      And the client receives "playerUpdate" with {"state": {"ping": 0}}
      And 1.4 seconds pass
      And the voice gateway sees "heartbeat"
      And the voice gateway acknowledges the heartbeats
      And the player comes to contain {"state": {"ping": "#range 50.."}}
      And the voice gateway withholds "heartbeat ack"
      And 0.2 seconds pass
      And the client fetches the player
      And the answer at "/state/ping" is remembered as "ping"
      When 2.5 seconds pass
      Then the player contains {"state": {"connected": true, "ping": ${ping}}}
      And no message follows

  @LL-VOICE-062 @observed
  Rule: The voice gateway is asked for its version 8
    Discord serves older ones, too; only this one numbers its messages, so that none is lost when a
    connection is resumed.
    Sources: Discord docs, topics/voice-connections "Voice Gateway Versioning"; docs/observed/voice.md#connecting

    @LL-VOICE-062.a
    Scenario: When a channel is joined
      Given a connected client
      And the player is in a voice channel
      Then the voice gateway sees "connect" with {"version": 8}
