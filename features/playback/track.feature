@needs-voice @needs-http-source
Feature: A track that is heard
  A frame is 20 ms. The server hands its packets to a sender that keeps 20 of them, so positions and
  events are ahead of what is heard by up to 400 ms.

  @LL-PLAYBACK-001 @must
  Rule: A track plays to its end, which is told with the reason finished
    The event may come before the last packet: a sender has some of them.
    Sources: Lavalink docs, api/websocket.md "Track End Reason"; Lavalink docs, api/rest.md "Player"; docs/observed/playback.md#ends-of-tracks; fixtures/recordings/voice/voice_play_to_the_end.json

    @LL-PLAYBACK-001.a
    Scenario: Three seconds
      Given a connected client
      And the player plays in a voice channel "tone-3s.wav"
      Then no "TrackEndEvent" follows within 1.5 seconds
      And the client receives "TrackEndEvent" within 3.5 seconds with {"guildId": "${guild}", "reason": "finished"}
      And the player contains {"track": null}
      And the voice channel hears 143 to 157 frames within 1.5 seconds

  @LL-PLAYBACK-087 @observed
  Rule: The end has the position of the last frame, every frame is heard, and nothing more is told
    Three seconds are 150 frames.
    Sources: docs/observed/playback.md#ends-of-tracks; fixtures/recordings/voice/voice_play_to_the_end.json

    @LL-PLAYBACK-087.a
    Scenario: Three seconds are 150 frames
      Given a connected client
      And the player plays in a voice channel "tone-3s.wav"
      When the client receives "TrackEndEvent" within 5 seconds with {"reason": "finished", "track": {"info": {"position": 2980}}}
      Then the voice channel hears every frame up to 2980 ms within 1.5 seconds

    @LL-PLAYBACK-087.b
    Scenario: Then silence over the socket
      Given a connected client
      And the player plays in a voice channel "tone-1s.wav"
      When the client receives "TrackEndEvent" within 3 seconds with {"reason": "finished"}
      Then the player contains {"track": null, "state": {"position": 0, "connected": true}}
      And no message follows within 6 seconds

  @LL-PLAYBACK-002 @should
  Rule: Five frames of silence follow the last frame of sound
    Discord's clients need them, or they go on with what they heard last. The real server sends more of
    them whenever its decoder is late, which it often is in the first second; those do not count here.
    Sources: Discord docs, topics/voice-connections "Voice Data Interpolation"; docs/observed/playback.md#ends-of-tracks

    @LL-PLAYBACK-002.a
    Scenario: After the end
      Given a connected client
      And the player plays in a voice channel "tone-3s.wav"
      When the client receives "TrackEndEvent" within 5 seconds with {"reason": "finished"}
      Then the voice channel hears 0 to 40 more frames and 5 to 50 of silence within 1 seconds

  @LL-PLAYBACK-003 @should
  Rule: Packets are in order, of one source, 960 samples apart, and can be decrypted
    Sources: Discord docs, topics/voice-connections "Encrypting and Sending Voice"; docs/observed/playback.md#packets

    @LL-PLAYBACK-003.a
    Scenario: Two tracks, one after the other
      Given a connected client
      And the player plays in a voice channel "tone-1s.wav"
      And the client receives "TrackEndEvent" within 4 seconds
      And the client updates the player with {"track": {"encoded": "${track}"}}
      When the client receives "TrackEndEvent" within 4 seconds
      Then the voice channel hears 90 to 110 frames within 1.5 seconds
      And the voice channel hears no faults

  @LL-PLAYBACK-004 @should
  Rule: The gateway is told when sound begins
    Sources: Discord docs, topics/voice-connections "Speaking"; docs/observed/playback.md#packets

    @LL-PLAYBACK-004.c
    Scenario: One track
      Given a connected client
      And the player plays in a voice channel "tone-3s.wav"
      When 1 seconds pass
      Then the voice gateway sees "speaking"

  @LL-PLAYBACK-088 @observed
  Rule: The gateway is told when a track has ended, before the last packets have left
    Sources: docs/observed/playback.md#packets; docs/observed/playback.md#ends-of-tracks

    @LL-PLAYBACK-088.a
    Scenario: Silence is told a second time
      Given a connected client
      And the player plays in a voice channel "tone-1s.wav"
      When the client receives "TrackEndEvent" within 3 seconds
      Then the voice gateway sees "silence" 2 times

    @LL-PLAYBACK-088.b
    Scenario: Before the last packets have left
      Given a connected client
      And the player plays in a voice channel "tone-3s.wav"
      When the client receives "TrackEndEvent" within 5 seconds
      Then the voice gateway sees "silence" 2 times
      And the voice channel hears 6 to 24 more frames within 1 seconds

  @LL-PLAYBACK-005 @observed
  Rule: The end of a track is told some 400 ms before it is heard
    The sender still has 20 packets then. Bots that answer the event with the next track make no pause.
    Sources: docs/observed/playback.md#ends-of-tracks; fixtures/recordings/playback/03_natural_end.json

    @LL-PLAYBACK-005.a
    Scenario: What is still to come
      Given a connected client
      And the player plays in a voice channel "tone-3s.wav"
      When the client receives "TrackEndEvent" within 5 seconds with {"reason": "finished"}
      Then the voice channel hears 8 to 24 more frames within 1 seconds

  @LL-PLAYBACK-006 @should
  Rule: A packet leaves every 20 ms, and no silence is between them once a track flows
    Single packets may be late; those that follow make up for it.
    Sources: Discord docs, topics/voice-connections "Encrypting and Sending Voice"; docs/observed/playback.md#packets; fixtures/recordings/playback/03_natural_end.json

    @LL-PLAYBACK-006.a
    Scenario: The fourth second
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      When 3 seconds pass
      Then the voice channel hears 44 to 57 more frames and 0 of silence within 1 seconds

    @LL-PLAYBACK-006.b
    Scenario: Five seconds on the average
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      When 1 seconds pass
      Then the voice channel hears 49 to 51 frames a second for 5 seconds

  @LL-PLAYBACK-007 @must
  Rule: A player whose track has ended keeps its volume and filters
    Sources: Lavalink docs, api/rest.md "Player"; docs/observed/playback.md#ends-of-tracks

    @LL-PLAYBACK-007.a @needs-filter-tremolo
    Scenario: After the end
      Given a connected client
      And the client updates the player with {"volume": 42, "filters": {"tremolo": {"depth": 0.25}}}
      And the player plays in a voice channel "tone-1s.wav"
      When the client receives "TrackEndEvent" within 4 seconds with {"reason": "finished"}
      Then the player contains {"volume": 42, "filters": {"tremolo": {"depth": 0.25}}}
