@needs-voice @needs-http-source
Feature: A track that is heard
  A frame is 20 ms. The server hands its packets to a sender that keeps 20 of them, so positions and
  events are ahead of what is heard by up to 400 ms.

  @LL-PLAYBACK-001 @must
  Rule: A track plays to its end, which is told with the reason finished
    The event comes before the last packet: the sender still has 20 of them. Its position is that of
    the last frame.
    Sources: truth.md 5; voice.md 3; recording voice_play_to_the_end

    @LL-PLAYBACK-001.a
    Scenario: Three seconds are 150 frames
      Given a connected client
      And the player plays in a voice channel "tone-3s.wav"
      Then no "TrackEndEvent" follows within 2 seconds
      And the client receives "TrackEndEvent" within 2 seconds with {"guildId": "${guild}", "reason": "finished", "track": {"info": {"position": 2980}}}
      And the voice channel hears 149 to 150 frames within 1.5 seconds

    @LL-PLAYBACK-001.b
    Scenario: The player stays, without a track, and nothing more is told
      Given a connected client
      And the player plays in a voice channel "tone-1s.wav"
      When the client receives "TrackEndEvent" within 3 seconds with {"reason": "finished"}
      Then the player contains {"track": null, "state": {"position": 0, "connected": true}}
      And no message follows within 6 seconds

  @LL-PLAYBACK-002 @should
  Rule: Five frames of silence follow the last frame of sound
    Discord's clients need them, or they go on with what they heard last. There may be more of them
    when a track begins, as long as its first frames are not there yet.
    Sources: truth.md 5; voice.md 3

    @LL-PLAYBACK-002.a
    Scenario: After the end
      Given a connected client
      And the player plays in a voice channel "tone-1s.wav"
      When the client receives "TrackEndEvent" within 3 seconds
      And 1 seconds pass
      Then the voice channel hears 49 to 50 frames
      And the voice channel hears 5 frames of silence at last
      And the voice channel hears nothing for 1 seconds

  @LL-PLAYBACK-003 @should
  Rule: Packets are in order, of one source, 960 samples apart, and can be decrypted
    Sources: truth.md 5; voice.md 0

    @LL-PLAYBACK-003.a
    Scenario: Two tracks, one after the other
      Given a connected client
      And the player plays in a voice channel "tone-1s.wav"
      When the client receives "TrackEndEvent" within 3 seconds
      And the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives "TrackEndEvent" within 3 seconds
      And the voice channel hears 98 to 100 frames within 1.5 seconds
      And the voice channel hears no faults

  @LL-PLAYBACK-004 @should
  Rule: The gateway is told when sound begins and when it ends
    Sources: truth.md 5; voice.md 0

    @LL-PLAYBACK-004.a
    Scenario: One track
      Given a connected client
      And the player plays in a voice channel "tone-1s.wav"
      When 0.3 seconds pass
      Then the voice gateway sees "speaking"
      When the client receives "TrackEndEvent" within 3 seconds
      Then the voice gateway sees "silence" 2 times

  @LL-PLAYBACK-005 @must
  Rule: A frame leaves every 20 ms
    Single packets may be late; those that follow make up for it, so that a second of sound takes a
    second.
    Sources: truth.md 5; voice.md 0, 9; recording 03_natural_end

    @LL-PLAYBACK-005.a
    Scenario: Five seconds
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      When 1 seconds pass
      Then the voice channel hears 49 to 51 frames a second for 5 seconds

  @LL-PLAYBACK-006 @observed
  Rule: An end is told some 400 ms before it is heard
    The sender has its last packets then.
    Sources: truth.md 5; voice.md 3; recording 03_natural_end

    @LL-PLAYBACK-006.a
    Scenario: Three seconds
      Given a connected client
      And the player plays in a voice channel "tone-3s.wav"
      When the client receives "TrackEndEvent" within 5 seconds with {"reason": "finished"}
      Then the voice channel hears 105 to 145 frames
      And the voice channel hears 149 to 150 frames within 1.5 seconds
