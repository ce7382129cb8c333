@needs-voice @needs-http-source
Feature: Pausing what is heard

  @LL-PLAYBACK-010 @must
  Rule: A paused player keeps its position, and no more frames are taken
    What the sender has already goes out: up to 20 packets, and five of silence.
    Sources: truth.md 5; voice.md 5

    @LL-PLAYBACK-010.a
    Scenario: The sender runs dry
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 2 seconds pass
      When the client updates the player with {"paused": true}
      And the client fetches the player
      And the answer at "/state/position" is remembered as "position"
      And 1 seconds pass
      Then the player contains {"paused": true, "state": {"position": ${position}, "connected": true}}
      And the voice channel hears nothing for 2 seconds

    @LL-PLAYBACK-010.b
    Scenario: Unpaused it goes on where it was
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 1 seconds pass
      And the client updates the player with {"paused": true}
      And the client fetches the player
      And the answer at "/state/position" is remembered as "position"
      And 3 seconds pass
      When the client updates the player with {"paused": false}
      And 1 seconds pass
      And the client fetches the player
      Then the answer at "/state/position" is "#range ${position}.."
      And the answer at "/state/position" is "#range 1500..3200"

  @LL-PLAYBACK-011 @must
  Rule: playerUpdates go on while a player is paused, and no event tells of the pause
    Sources: truth.md 5; voice.md 5

    @LL-PLAYBACK-011.a @slow
    Scenario: Two of them
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      When the client updates the player with {"paused": true}
      Then no "event" follows
      And the client receives "playerUpdate" within 6 seconds with {"state": {"connected": true}}
      And the client receives "playerUpdate" within 6 seconds with {"state": {"connected": true}}

  @LL-PLAYBACK-012 @observed
  Rule: A track that is paused is not cleaned up as long as somebody could hear it
    Sources: truth.md 5; voice.md 2

    @LL-PLAYBACK-012.a @slow
    Scenario: Eighty seconds
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      When the client updates the player with {"paused": true}
      Then no "TrackEndEvent" follows within 80 seconds

  @LL-PLAYBACK-013 @should
  Rule: A track can be started paused
    Sources: voice.md 5

    @LL-PLAYBACK-013.a
    Scenario: Nothing is heard before it is unpaused
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"paused": true, "track": {"encoded": "${track}"}}
      Then the client receives "TrackStartEvent"
      And the voice channel hears nothing for 1 seconds
      When the client updates the player with {"paused": false}
      And 1 seconds pass
      Then the voice channel hears 30 to 70 frames

  @LL-PLAYBACK-014 @observed
  Rule: After a pause or a stop what the sender has is heard, then five frames of silence
    It has 20 packets, which are 400 ms.
    Sources: voice.md 5, 7; recording 05_pause, 07_stop_replace_noreplace

    @LL-PLAYBACK-014.a
    Scenario: After a pause
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 2 seconds pass
      And the voice channel begins to count anew
      When the client updates the player with {"paused": true}
      And 1 seconds pass
      Then the voice channel hears 15 to 30 frames
      And the voice channel hears 5 frames of silence at last

    @LL-PLAYBACK-014.b
    Scenario: After a stop
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 2 seconds pass
      And the voice channel begins to count anew
      When the client updates the player with {"track": {"encoded": null}}
      And 1 seconds pass
      Then the voice channel hears 15 to 30 frames
      And the voice channel hears 5 frames of silence at last
