Feature: Frame statistics
  How well a server keeps up with its players. A voice connection asks for a
  frame every 20 ms: 3000 in a minute, each of them sent (it was there) or
  nulled (it was not); those that nobody asked for are the deficit.
  Minutes are those of the clock. Most scenarios take some of them.

  @LL-STATS-050 @observed
  Rule: A player counts once it has played since before the last clock minute began
    So the first frameStats come one to two minutes after it began, with the next stats.
    The document says that it must have played for at least one full minute.
    Sources: docs/observed/stats.md#frame-statistics; fixtures/recordings/playback/12_framestats_cont_start03.json; fixtures/recordings/playback/12_framestats_no_voice.json; document §4.4

    @LL-STATS-050.a @needs-manual-time @needs-voice @needs-http-source
    Scenario: It begins shortly before a minute does
      Given the clock is 20 seconds past the minute
      And a connected client
      And 37 seconds pass
      When the player plays in a voice channel "tone-300s.wav"
      Then the client receives "stats" within 61 seconds with {"frameStats": null}
      And the client receives "stats" within 61 seconds with {"frameStats": {"sent": "#range 2700..3020", "nulled": "#range 0..200", "deficit": "#range -20..300"}}

    @LL-STATS-050.b @needs-manual-time @needs-voice @needs-http-source
    Scenario: It begins shortly after a minute did
      Given the clock is 40 seconds past the minute
      And a connected client
      And 23 seconds pass
      When the player plays in a voice channel "tone-300s.wav"
      Then the client receives "stats" within 61 seconds with {"frameStats": null}
      And the client receives "stats" within 61 seconds with {"frameStats": null}
      And the client receives "stats" within 61 seconds with {"frameStats": {"sent": "#range 2700..3020", "nulled": "#range 0..200", "deficit": "#range -20..300"}}

  @LL-STATS-051 @should
  Rule: A player that plays without a gap has sent 3000 frames in a minute
    sent, nulled and deficit make 3000 for one player. A busy machine sends a few less.
    Sources: Lavalink docs, api/websocket.md "Frame Stats"; docs/observed/stats.md#frame-statistics; fixtures/recordings/playback/12_framestats_cont_start03.json; document §4.4

    @LL-STATS-051.a @slow @needs-voice @needs-http-source
    Scenario: The third minute
      Given a connected client
      And the player plays in a voice channel "tone-300s.wav"
      And the client receives "stats" within 65 seconds
      And the client receives "stats" within 65 seconds
      When the client receives "stats" within 65 seconds
      Then the message at "/frameStats" is {"sent": "#range 2700..3020", "nulled": "#range 0..200", "deficit": "#range -20..300"}
      And the numbers of the message at "/frameStats" add up to 3000

  @LL-STATS-052 @observed
  Rule: frameStats tell of the last whole minute of the clock
    Not of the sixty seconds before the message.
    Sources: docs/observed/stats.md#frame-statistics; fixtures/recordings/playback/12_framestats_no_voice.json; document §4.4

    @LL-STATS-052.a @needs-manual-time @needs-voice @needs-http-source
    Scenario: Frames are asked for in the second half of a minute
      Given the clock is 20 seconds past the minute
      And a connected client
      And 20 seconds pass
      And a track that nobody hears "tone-300s.wav"
      And the client receives "stats" within 61 seconds with {"frameStats": null}
      And 10 seconds pass
      When the player is in a voice channel
      Then the client receives "stats" within 61 seconds with {"frameStats": {"sent": "#range 1400..1600", "deficit": "#range 1400..1600"}}
      And the numbers of the message at "/frameStats" add up to 3000

  @LL-STATS-053 @observed
  Rule: A paused player does not count
    Sources: docs/observed/stats.md#frame-statistics; document §4.4

    @LL-STATS-053.a @needs-manual-time @needs-voice @needs-http-source
    Scenario: The only player is paused
      Given the clock is 20 seconds past the minute
      And a connected client
      And the player plays in a voice channel "tone-300s.wav"
      And the client receives "stats" within 61 seconds with {"frameStats": null}
      And the client receives "stats" within 61 seconds with {"frameStats": {"sent": "#range 2700..3020", "nulled": "#range 0..200", "deficit": "#range -20..300"}}
      When the client updates the player with {"paused": true}
      Then the client receives "stats" within 61 seconds with {"frameStats": null}

  @LL-STATS-054 @observed
  Rule: Only playing players of the session count
    Idle ones, and those of other sessions, tell nothing of how well it plays.
    Sources: docs/observed/stats.md#frame-statistics; fixtures/recordings/playback/12_framestats_idle_voice.json; document §4.4

    @LL-STATS-054.a @needs-manual-time @needs-voice @needs-http-source
    Scenario: An idle player in a voice channel
      Given the clock is 20 seconds past the minute
      And a connected client
      When the player is in a voice channel
      Then the client receives "stats" within 61 seconds with {"frameStats": null}
      And the client receives "stats" within 61 seconds with {"frameStats": null}

    @LL-STATS-054.b @needs-manual-time @needs-voice @needs-http-source
    Scenario: An idle player beside one that plays
      Given the clock is 20 seconds past the minute
      And a connected client
      And the player plays in a voice channel "tone-300s.wav"
      And the client receives "stats" within 61 seconds with {"frameStats": null}
      When player "2" is in a voice channel
      Then the client receives "stats" within 61 seconds with {"frameStats": {"sent": "#range 2700..3020", "nulled": "#range 0..200", "deficit": "#range -20..300"}}

    @LL-STATS-054.c @needs-manual-time @needs-voice @needs-http-source
    Scenario: A session beside one that plays
      Given the clock is 20 seconds past the minute
      And a connected client "B"
      And a connected client
      And the player plays in a voice channel "tone-300s.wav"
      And the client receives "stats" within 61 seconds
      When the client receives "stats" within 61 seconds with {"frameStats": "#object"}
      Then client "B" receives 3 "stats" messages with {"frameStats": null}

  @LL-STATS-055 @observed
  Rule: A gap of up to 100 ms does not matter
    A player goes on counting with the next track of a queue.
    Sources: docs/observed/stats.md#frame-statistics; fixtures/recordings/playback/12_framestats_replace_every_40s.json; fixtures/recordings/playback/12_framestats_pause_50ms.json; document §4.4

    @LL-STATS-055.a @needs-manual-time @needs-voice @needs-http-source
    Scenario: A track takes the place of another
      Given the clock is 20 seconds past the minute
      And a connected client
      And the player plays in a voice channel "tone-300s.wav"
      And the client receives "stats" within 61 seconds with {"frameStats": null}
      And 20 seconds pass
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives "stats" within 61 seconds with {"frameStats": {"sent": "#range 2700..3020", "nulled": "#range 0..200", "deficit": "#range -20..300"}}

    @LL-STATS-055.b @needs-manual-time @needs-voice @needs-http-source
    Scenario: A pause of 50 ms
      Given the clock is 20 seconds past the minute
      And a connected client
      And the player plays in a voice channel "tone-300s.wav"
      And the client receives "stats" within 61 seconds with {"frameStats": null}
      And 20 seconds pass
      And the client updates the player with {"paused": true}
      And 0.05 seconds pass
      When the client updates the player with {"paused": false}
      Then the client receives "stats" within 61 seconds with {"frameStats": {"sent": "#range 2700..3020", "nulled": "#range 0..200", "deficit": "#range -20..300"}}

  @LL-STATS-056 @observed
  Rule: After a longer gap a player counts anew
    As if it had begun then.
    Sources: docs/observed/stats.md#frame-statistics; fixtures/recordings/playback/12_framestats_stop_500ms_play.json; document §4.4

    @LL-STATS-056.a @needs-manual-time @needs-voice @needs-http-source
    Scenario: Half a second without a track
      Given the clock is 20 seconds past the minute
      And a connected client
      And the player plays in a voice channel "tone-300s.wav"
      And the client receives "stats" within 61 seconds with {"frameStats": null}
      And 20 seconds pass
      And the client updates the player with {"track": {"encoded": null}}
      And 0.5 seconds pass
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives "stats" within 61 seconds with {"frameStats": null}
      And the client receives "stats" within 61 seconds with {"frameStats": {"sent": "#range 2700..3020", "nulled": "#range 0..200", "deficit": "#range -20..300"}}

    @LL-STATS-056.b @needs-manual-time @needs-voice @needs-http-source
    Scenario: A pause of half a second
      Given the clock is 20 seconds past the minute
      And a connected client
      And the player plays in a voice channel "tone-300s.wav"
      And the client receives "stats" within 61 seconds with {"frameStats": null}
      And 20 seconds pass
      And the client updates the player with {"paused": true}
      And 0.5 seconds pass
      When the client updates the player with {"paused": false}
      Then the client receives "stats" within 61 seconds with {"frameStats": null}
      And the client receives "stats" within 61 seconds with {"frameStats": {"sent": "#range 2700..3020", "nulled": "#range 0..200", "deficit": "#range -20..300"}}

  @LL-STATS-057 @observed
  Rule: Several players are averaged
    In whole numbers, so that the three may make a little less than 3000.
    Sources: docs/observed/stats.md#frame-statistics; document §4.4

    @LL-STATS-057.a @needs-manual-time @needs-voice @needs-http-source
    Scenario: Two that are heard
      Given the clock is 20 seconds past the minute
      And a connected client
      And the player plays in a voice channel "tone-300s.wav"
      And the client receives "stats" within 61 seconds with {"frameStats": null}
      When player "2" plays in a voice channel "tone-300s.wav"
      Then the client receives "stats" within 61 seconds with {"frameStats": {"sent": "#range 2700..3020", "nulled": "#range 0..200", "deficit": "#range -20..300"}}
      And the client receives "stats" within 61 seconds with {"frameStats": {"sent": "#range 2700..3020", "nulled": "#range 0..200", "deficit": "#range -20..300"}}
      And the numbers of the message at "/frameStats" add up to 2997 to 3003

    @LL-STATS-057.b @needs-manual-time @needs-voice @needs-http-source
    Scenario: One that is heard and one that is not
      Given the clock is 20 seconds past the minute
      And a connected client
      And 20 seconds pass
      And a track that nobody hears "tone-300s.wav"
      And player "2" plays in a voice channel "tone-300s.wav"
      And the client receives "stats" within 61 seconds with {"frameStats": null}
      And 10 seconds pass
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives "stats" within 61 seconds with {"frameStats": {"sent": "#range 1350..1510", "deficit": "#range 1490..1650"}}

  @LL-STATS-058 @observed
  Rule: Frames that nobody asked for are a deficit, not nulled
    Without a voice connection nobody asks. The track is replaced in time, as it would be cleaned up.
    Sources: docs/observed/stats.md#frame-statistics; fixtures/recordings/playback/12_framestats_no_voice.json; document §4.4

    @LL-STATS-058.a @needs-manual-time @needs-http-source
    Scenario: A player without voice
      Given the clock is 20 seconds past the minute
      And a connected client
      And 20 seconds pass
      And a track that nobody hears "tone-300s.wav"
      And the client receives "stats" within 61 seconds with {"frameStats": null}
      And 10 seconds pass
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives "stats" within 61 seconds with {"frameStats": {"sent": 0, "nulled": 0, "deficit": 3000}}
