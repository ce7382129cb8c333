Feature: What messages look like
  Each schema of a message is a rule. It is broken by every message that is not as the schema says,
  in whatever scenario it comes; the difference names the field. Messages that the protocol does not
  have are nothing but information.

  @LL-SHAPE-020 @must
  Rule: A message is a JSON object with an op
    Sources: Lavalink docs, api/websocket.md "Payload Structure"; docs/observed/websocket.md#first-messages

    @LL-SHAPE-020.a
    Scenario: The first messages of a session
      Given a connected client
      And the client receives "stats" within 60 seconds
      Then nothing that came breaks "LL-SHAPE-020"

  @LL-SHAPE-021 @must
  Rule: ready has resumed and sessionId
    Sources: Lavalink docs, api/websocket.md "Ready OP"; docs/observed/websocket.md#first-messages

    @LL-SHAPE-021.a
    Scenario: Of a new session
      Given a connected client
      And the client receives "ready"
      Then nothing that came breaks "LL-SHAPE-021"

  @LL-SHAPE-022 @must
  Rule: stats has the shape that the documentation gives it
    Sources: Lavalink docs, api/websocket.md "Stats OP"; document §4.1

    @LL-SHAPE-022.a
    Scenario: The first of a session
      Given a connected client
      And the client receives "stats" within 60 seconds
      Then nothing that came breaks "LL-SHAPE-022"

  @LL-SHAPE-023 @must
  Rule: playerUpdate has guildId and a state with time, position, connected and ping
    Sources: Lavalink docs, api/websocket.md "Player Update OP"; document §1.6

    @LL-SHAPE-023.a @needs-http-source
    Scenario: Of a track
      Given a connected client
      And the player may be heard
      And a loaded track "tone-30s.wav"
      And the client updates the player with {"track": {"encoded": "${track}"}}
      And the client receives "playerUpdate" within 6 seconds
      Then nothing that came breaks "LL-SHAPE-023"

  @LL-SHAPE-024 @must
  Rule: TrackStartEvent has guildId and track
    Sources: Lavalink docs, api/websocket.md "TrackStartEvent"; docs/observed/players.md#events

    @LL-SHAPE-024.a @needs-http-source
    Scenario: Of a track
      Given a connected client
      And a playing track "tone-30s.wav"
      Then nothing that came breaks "LL-SHAPE-024"

  @LL-SHAPE-025 @must
  Rule: TrackEndEvent has guildId, track and one of five reasons
    Sources: Lavalink docs, api/websocket.md "TrackEndEvent"; docs/observed/playback.md#ends-of-tracks

    @LL-SHAPE-025.a @needs-http-source
    Scenario: Of a track that is stopped
      Given a connected client
      And a playing track "tone-30s.wav"
      And the client updates the player with {"track": {"encoded": null}}
      And the client receives "TrackEndEvent"
      Then nothing that came breaks "LL-SHAPE-025"

  @LL-SHAPE-026 @must @needs-voice @needs-http-source
  Rule: TrackExceptionEvent has guildId, track and an exception with message, severity and cause
    Sources: Lavalink docs, api/websocket.md "TrackExceptionEvent"; docs/observed/playback.md#tracks-that-break

    @LL-SHAPE-026.a
    Scenario: Of a source that breaks
      Given a connected client
      And the player plays in a voice channel "tone-5s.wav?cut=2s&of=${guild}"
      And the client receives "TrackExceptionEvent" within 8 seconds
      Then nothing that came breaks "LL-SHAPE-026"

  @LL-SHAPE-027 @must @needs-voice @needs-http-source @profile-soon-stuck
  Rule: TrackStuckEvent has guildId, track and thresholdMs
    Sources: Lavalink docs, api/websocket.md "TrackStuckEvent"; docs/observed/playback.md#stuck-tracks

    @LL-SHAPE-027.a
    Scenario: Of a source that hangs
      Given a connected client
      And the player plays in a voice channel "tone-4s.wav?hang=1s&of=${guild}"
      And the client receives "TrackStuckEvent" within 4 seconds
      Then nothing that came breaks "LL-SHAPE-027"

  @LL-SHAPE-028 @must @needs-voice
  Rule: WebSocketClosedEvent has guildId, code, reason and byRemote
    Sources: Lavalink docs, api/websocket.md "WebSocketClosedEvent"; docs/observed/voice.md#sessions-that-the-gateway-ends

    @LL-SHAPE-028.a
    Scenario: Of a gateway that ends the session
      Given a connected client
      And the player is in a voice channel
      And the voice gateway closes with 4006 "Session no longer valid"
      And the client receives "WebSocketClosedEvent"
      Then nothing that came breaks "LL-SHAPE-028"
