@needs-voice @needs-http-source
Feature: A track that ends early

  @LL-PLAYBACK-030 @must
  Rule: A track ends at its end time, with the reason finished
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/playback.md#end-times; fixtures/recordings/voice/voice_end_time_reached.json; fixtures/recordings/voice/voice_end_time_on_playing_track.json

    @LL-PLAYBACK-030.a
    Scenario: Given with the track
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}, "endTime": 1000}
      Then the client receives "TrackEndEvent" within 3 seconds with {"reason": "finished"}
      And the voice channel hears 40 to 60 frames within 1.5 seconds

    @LL-PLAYBACK-030.b
    Scenario: Set while it plays
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      When the client updates the player with {"endTime": 2000}
      Then the client receives "TrackEndEvent" within 4 seconds with {"reason": "finished"}

    @LL-PLAYBACK-030.c
    Scenario: With a position, on a playing track
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 1 seconds pass
      When the client updates the player with {"position": 20000, "endTime": 22000}
      Then no "TrackEndEvent" follows within 0.5 seconds
      And the client receives "TrackEndEvent" within 3.5 seconds with {"reason": "finished"}

    @LL-PLAYBACK-030.d
    Scenario: With a position and the track
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}, "position": 20000, "endTime": 21000}
      Then the client receives "TrackEndEvent" within 3 seconds with {"reason": "finished"}
      And the voice channel hears 40 to 60 frames within 1.5 seconds

  @LL-PLAYBACK-090 @observed
  Rule: The end at an end time has the position of the frame before, and the frame there is still heard
    Sources: docs/observed/playback.md#end-times; fixtures/recordings/voice/voice_end_time_reached.json; fixtures/recordings/voice/voice_end_time_on_playing_track.json

    @LL-PLAYBACK-090.a
    Scenario: From the beginning
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}, "endTime": 1000}
      Then the client receives "TrackEndEvent" within 3 seconds with {"track": {"info": {"position": 980}}}
      And the voice channel hears every frame up to 1000 ms within 1.5 seconds

    @LL-PLAYBACK-090.b
    Scenario: From elsewhere
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}, "position": 20000, "endTime": 21000}
      Then the client receives "TrackStartEvent" with {"track": {"info": {"position": 20000}}}
      And the client receives "TrackEndEvent" within 3 seconds with {"track": {"info": {"position": 20980}}}
      And the voice channel hears every frame from 20000 up to 21000 ms within 1.5 seconds

    @LL-PLAYBACK-090.c
    Scenario: Set while it plays
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      When the client updates the player with {"endTime": 2000}
      Then the client receives "TrackEndEvent" within 4 seconds with {"track": {"info": {"position": 1980}}}

  @LL-PLAYBACK-031 @observed
  Rule: An end time behind the position is forgotten
    The document says that a marker which is passed fires; only a seek across it does that.
    Sources: docs/observed/playback.md#end-times; fixtures/recordings/voice/voice_end_time_behind_position.json

    @LL-PLAYBACK-031.a
    Scenario: On a playing track
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 2 seconds pass
      When the client updates the player with {"endTime": 500}
      Then the answer is 200
      And no "TrackEndEvent" follows within 2 seconds

    @LL-PLAYBACK-031.b
    Scenario: With the track, behind where it begins
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}, "position": 5000, "endTime": 1000}
      Then the client receives "TrackStartEvent"
      And no "TrackEndEvent" follows within 3 seconds

    @LL-PLAYBACK-031.e
    Scenario: With the track, just where it begins
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}, "position": 5000, "endTime": 5000}
      Then the client receives "TrackStartEvent"
      And no "TrackEndEvent" follows within 2 seconds

    @LL-PLAYBACK-031.c
    Scenario: Not even after seeking back
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 3 seconds pass
      And the client updates the player with {"endTime": 1500}
      When the client updates the player with {"position": 0}
      Then no "TrackEndEvent" follows within 3 seconds

    @LL-PLAYBACK-031.d
    Scenario: Nor does a seek before it bring back that of the track's own body
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-30s.wav"
      And the client updates the player with {"track": {"encoded": "${track}"}, "position": 5000, "endTime": 2000}
      And the client receives "TrackStartEvent"
      And 1 seconds pass
      When the client updates the player with {"position": 0}
      Then no "TrackEndEvent" follows within 4 seconds
      And the player contains {"track": {"info": {"uri": "${media}/tone-30s.wav"}}}

  @LL-PLAYBACK-032 @observed
  Rule: A null end time does not clear the one that is set
    Lavalink's documentation says that it does (api/rest.md, Update Player); a server that does it is not
    wrong.
    Sources: docs/observed/playback.md#end-times; fixtures/recordings/voice/voice_end_time_cleared_by_null.json

    @LL-PLAYBACK-032.a
    Scenario: It ends all the same
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And the client updates the player with {"endTime": 2000}
      When the client updates the player with {"endTime": null}
      Then the client receives "TrackEndEvent" within 4 seconds with {"reason": "finished"}

  @LL-PLAYBACK-033 @observed
  Rule: A seek across the end time ends the track at once
    The event comes with the position before the seek. The playerUpdate of the seek comes before or
    after it, and the answer may have the track or not: the real server's threads race.
    Sources: docs/observed/playback.md#end-times; fixtures/recordings/voice/voice_seek_past_end_time.json

    @LL-PLAYBACK-033.a
    Scenario: From two seconds to twenty
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And the client updates the player with {"endTime": 10000}
      And 2 seconds pass
      When the client updates the player with {"position": 20000}
      Then the answer is 200
      And the client receives in any order within 2 seconds:
        | kind          | with                                                                                |
        | TrackEndEvent | {"reason": "finished", "track": {"info": {"position": "#range 1600..2800"}}}         |
        | playerUpdate  | {"guildId": "${guild}", "state": {"connected": true}}                                |
      And no message follows
      And the player contains {"track": null, "state": {"position": 0}}

  @LL-PLAYBACK-034 @should
  Rule: A new track has no end time of the old one
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/playback.md#end-times

    @LL-PLAYBACK-034.a
    Scenario: The second track plays on
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And the client updates the player with {"endTime": 2000}
      And the client updates the player with {"track": {"encoded": "${track}"}}
      When the client receives "TrackStartEvent"
      Then no "TrackEndEvent" follows within 4 seconds

  @LL-PLAYBACK-035 @should
  Rule: An end time beyond the length changes nothing
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/playback.md#end-times

    @LL-PLAYBACK-035.a
    Scenario: Ten seconds of three
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-3s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}, "endTime": 10000}
      Then the client receives "TrackEndEvent" within 5 seconds with {"reason": "finished"}
      And the voice channel hears 140 to 160 frames within 1.5 seconds

  @LL-PLAYBACK-036 @should
  Rule: Of two end times the second counts
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/playback.md#end-times

    @LL-PLAYBACK-036.a
    Scenario: Later than the first
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And the client updates the player with {"endTime": 2000}
      When the client updates the player with {"endTime": 4000}
      Then no "TrackEndEvent" follows within 2.5 seconds
      And the client receives "TrackEndEvent" within 3 seconds with {"reason": "finished"}

    @LL-PLAYBACK-036.b
    Scenario: Earlier than the first
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And the client updates the player with {"endTime": 20000}
      When the client updates the player with {"endTime": 3000}
      Then the client receives "TrackEndEvent" within 5 seconds with {"reason": "finished"}

  @LL-PLAYBACK-037 @observed
  Rule: A seek across the end time ends a paused track too, and the player stays paused
    Sources: docs/observed/playback.md#end-times

    @LL-PLAYBACK-037.a
    Scenario: Paused
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And the client updates the player with {"endTime": 10000}
      And 1 seconds pass
      And the client updates the player with {"paused": true}
      When the client updates the player with {"position": 20000}
      Then the client receives "TrackEndEvent" within 2 seconds with {"reason": "finished"}
      And the player comes to contain {"track": null, "paused": true}

  @LL-PLAYBACK-038 @observed
  Rule: An end time without a track is lost
    Sources: docs/observed/playback.md#end-times

    @LL-PLAYBACK-038.a
    Scenario: The track that comes next
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-30s.wav"
      And the client updates the player with {"endTime": 1000}
      And the answer is 200
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives "TrackStartEvent"
      And no "TrackEndEvent" follows within 3 seconds

  @LL-PLAYBACK-039 @must
  Rule: After an end at an end time other ends have their own reasons again
    Bots play the next track after finished, but not after stopped.
    Sources: Lavalink docs, api/websocket.md "Track End Reason"; docs/observed/playback.md#end-times; document §1.5, §5.5

    @LL-PLAYBACK-039.a
    Scenario: The next track is stopped
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-30s.wav"
      And the client updates the player with {"track": {"encoded": "${track}"}, "endTime": 500}
      And the client receives "TrackEndEvent" within 3 seconds with {"reason": "finished"}
      And the client updates the player with {"track": {"encoded": "${track}"}}
      And the client receives "TrackStartEvent"
      And 1 seconds pass
      When the client updates the player with {"track": {"encoded": null}}
      Then the client receives "TrackEndEvent" with {"reason": "stopped"}

    @LL-PLAYBACK-039.b
    Scenario: The next track is replaced
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-30s.wav"
      And the client updates the player with {"track": {"encoded": "${track}"}, "endTime": 500}
      And the client receives "TrackEndEvent" within 3 seconds with {"reason": "finished"}
      And the client updates the player with {"track": {"encoded": "${track}"}}
      And the client receives "TrackStartEvent"
      And 1 seconds pass
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives "TrackEndEvent" with {"reason": "replaced"}
