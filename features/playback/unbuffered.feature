@needs-voice @needs-http-source @profile-no-send-buffer
Feature: A track that is heard without a send buffer
  Here bufferDurationMs is 0: each packet is taken when it leaves.

  @LL-PLAYBACK-085 @observed
  Rule: Without a send buffer positions and events are not ahead of what is heard
    Sources: docs/observed/playback.md#without-a-send-buffer; fixtures/recordings/unplayed/03_natural_end_bufferDurationMs_0.json

    @LL-PLAYBACK-085.a
    Scenario: The end comes after the last frame of sound
      Given a connected client
      And the player plays in a voice channel "tone-3s.wav"
      When the client receives "TrackEndEvent" within 5 seconds with {"reason": "finished", "track": {"info": {"position": 2980}}}
      Then the voice channel hears every frame up to 2980 ms
      And the voice channel hears 0 more frames and 0 to 5 of silence within 1 seconds
      And the voice channel hears nothing for 1 seconds

    @LL-PLAYBACK-085.b
    Scenario: Nothing but silence leaves after a pause
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 3 seconds pass
      When the client updates the player with {"paused": true}
      Then the voice channel hears 0 to 4 more frames within 1 seconds
      When the client fetches the player
      And the answer at "/state/position" is remembered as "position"
      Then the voice channel hears every frame up to ${position} ms
