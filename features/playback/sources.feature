@needs-voice @needs-http-source
Feature: Sources that fail
  What happens to a track when its source refuses, breaks or hangs. Servers decode some seconds ahead, so
  what breaks is told before it would be heard.

  @LL-PLAYBACK-050 @must
  Rule: A source that refuses when its track is to be played fails the track
    TrackExceptionEvent tells it, and TrackEndEvent ends it. Now and then the real server ends the track
    first, as finished.
    Sources: Lavalink docs, api/websocket.md "TrackExceptionEvent"; Lavalink docs, api/websocket.md "Track End Reason"; docs/observed/playback.md#tracks-that-cannot-be-opened; fixtures/recordings/unplayed/08_http_faults_stuck10000.json; fixtures/recordings/unplayed/08_load_failed_files.json

    @LL-PLAYBACK-050.a
    Scenario Outline: <case>
      Given a connected client
      And the player is in a voice channel
      And the media "${guild}/tone.mp3" is {"file": "tone.mp3"}
      And a loaded track "${guild}/tone.mp3"
      And the media "${guild}/tone.mp3" is <answer>
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives in any order within 5 seconds:
        | kind                | with                                                                                                |
        | TrackExceptionEvent | {"guildId": "${guild}", "exception": {"severity": "#/(common)?(suspicious)?(fault)?/"}} |
        | TrackEndEvent       | {"guildId": "${guild}", "reason": "#/(loadFailed)?(finished)?/"}                                     |
      And the voice channel hears 0 frames

      Examples:
        | case      | answer                  |
        | missing   | {"status": 404}         |
        | forbidden | {"status": 403}         |
        | error     | {"status": 500}         |
        | garbage   | {"file": "garbage.bin"} |

  @LL-PLAYBACK-051 @observed
  Rule: A source that does not answer fails the track after the socket timeout
    Three seconds by default.
    Sources: docs/observed/playback.md#tracks-that-break; fixtures/recordings/unplayed/08_http_faults_stuck10000.json

    @LL-PLAYBACK-051.a
    Scenario: Nothing at all comes
      Given a connected client
      And the player is in a voice channel
      And an encoded track remembered as "hanging":
        """
        {"sourceName": "http", "identifier": "${media}/tone-3s.wav?hang=0s&of=${guild}", "probeInfo": "wav"}
        """
      When the client updates the player with {"track": {"encoded": "${hanging}"}}
      Then the client receives "TrackStartEvent"
      And no "event" follows within 2 seconds
      And the client receives in any order within 6 seconds:
        | kind                | with                                                                                      |
        | TrackExceptionEvent | {"exception": {"message": "Something broke when playing the track.", "severity": "fault"}} |
        | TrackEndEvent       | {"reason": "#/(loadFailed)?(finished)?/"}                                                   |

  @LL-PLAYBACK-052 @observed
  Rule: A connection that breaks on its way is opened again where it broke
    Nobody is told, and nothing is missing.
    Sources: docs/observed/playback.md#tracks-that-break; fixtures/recordings/unplayed/08_http_faults_stuck10000.json

    @LL-PLAYBACK-052.a
    Scenario: Once, after a second of three
      Given a connected client
      And the player is in a voice channel
      And an encoded track remembered as "breaking":
        """
        {"sourceName": "http", "identifier": "${media}/tone-3s.wav?cut-once=1s&of=${guild}", "length": 3000, "probeInfo": "wav"}
        """
      When the client updates the player with {"track": {"encoded": "${breaking}"}}
      Then the client receives "TrackStartEvent"
      And no "event" follows within 2 seconds
      And the client receives "TrackEndEvent" within 3 seconds with {"reason": "finished", "track": {"info": {"position": 2980}}}
      And the voice channel hears 149 to 150 frames within 1.5 seconds
      And the voice channel hears no faults

  @LL-PLAYBACK-053 @observed
  Rule: A source that breaks for good is told when it is decoded, and what was decoded is heard
    The end is finished, as if the track were that short.
    Sources: docs/observed/playback.md#tracks-that-break; fixtures/recordings/unplayed/08_http_faults_stuck10000.json

    @LL-PLAYBACK-053.a
    Scenario: After two seconds of five
      Given a connected client
      And the player plays in a voice channel "tone-5s.wav?cut=2s&of=${guild}"
      Then the client receives "TrackExceptionEvent" within 3 seconds with {"exception": {"message": "Something went wrong when decoding the track.", "severity": "fault", "cause": "#string"}}
      And the client receives "TrackEndEvent" within 4 seconds with {"reason": "finished", "track": {"info": {"position": "#range 1500..1980"}}}
      And the voice channel hears 76 to 100 frames within 1.5 seconds

  @LL-PLAYBACK-054 @observed
  Rule: A source that hangs on its way for good is given up
    The connection is opened again once, and given up after another socket timeout.
    Sources: docs/observed/playback.md#tracks-that-break; fixtures/recordings/unplayed/08_http_faults_stuck10000.json

    @LL-PLAYBACK-054.a @slow
    Scenario: After two seconds of five
      Given a connected client
      And the player plays in a voice channel "tone-5s.wav?hang=2s&of=${guild}"
      Then no "event" follows within 4 seconds
      And the client receives "TrackExceptionEvent" within 9 seconds with {"exception": {"message": "Something went wrong when decoding the track."}}
      And the client receives "TrackEndEvent" within 3 seconds with {"reason": "finished", "track": {"info": {"position": "#range 1500..1980"}}}

  @LL-PLAYBACK-055 @must
  Rule: A track without data is stuck after the threshold, which TrackStuckEvent tells
    Sources: Lavalink docs, api/websocket.md "TrackStuckEvent"; Lavalink docs, configuration/config/file.md "Example application.yml"; docs/observed/playback.md#stuck-tracks; fixtures/recordings/unplayed/08_stuck_then_continues.json

    @LL-PLAYBACK-055.a @profile-soon-stuck
    Scenario: A second
      Given a connected client
      And the player plays in a voice channel "tone-4s.wav?hang=1s&of=${guild}"
      Then the client receives "TrackStuckEvent" within 4 seconds with {"guildId": "${guild}", "thresholdMs": 1000}

  @LL-PLAYBACK-094 @observed
  Rule: A track that is stuck stays, and goes on; a playerUpdate follows the event
    A diagram of the document has the track end here; it does not.
    Sources: docs/observed/playback.md#stuck-tracks; fixtures/recordings/unplayed/08_stuck_then_continues.json

    @LL-PLAYBACK-094.a @profile-soon-stuck
    Scenario: It goes on
      Given a connected client
      And the player plays in a voice channel "tone-4s.wav?hang=1s&of=${guild}"
      And the client receives "TrackStuckEvent" within 4 seconds with {"track": {"info": {"position": "#range 500..980"}}}
      When the media "tone-4s.wav?hang=1s&of=${guild}" goes on
      Then the client receives "TrackEndEvent" within 7 seconds with {"reason": "finished", "track": {"info": {"position": 3980}}}
      And the voice channel hears 199 to 200 frames within 1.5 seconds

    @LL-PLAYBACK-094.b @profile-soon-stuck
    Scenario: The playerUpdate
      Given a connected client
      And the player plays in a voice channel "tone-4s.wav?hang=1s&of=${guild}"
      When the client receives "TrackStuckEvent" within 4 seconds
      Then the client receives "playerUpdate" with {"state": {"connected": true, "position": "#range 500..980"}}
      And no "TrackEndEvent" follows within 0.4 seconds

    @LL-PLAYBACK-094.c @profile-soon-stuck
    Scenario: Before the first byte, and then it fails
      Given a connected client
      And the player is in a voice channel
      And an encoded track remembered as "hanging":
        """
        {"sourceName": "http", "identifier": "${media}/tone-3s.wav?hang=0s&of=${guild}", "probeInfo": "wav"}
        """
      When the client updates the player with {"track": {"encoded": "${hanging}"}}
      Then the client receives "TrackStartEvent"
      And the client receives "TrackStuckEvent" within 3 seconds with {"thresholdMs": 1000, "track": {"info": {"position": 0}}}
      And the client receives in any order within 6 seconds:
        | kind                | with                                      |
        | TrackExceptionEvent | {"exception": {"severity": "fault"}}      |
        | TrackEndEvent       | {"reason": "#/(loadFailed)?(finished)?/"} |

  @LL-PLAYBACK-056 @observed
  Rule: A track is stuck once
    Sources: docs/observed/playback.md#stuck-tracks; fixtures/recordings/unplayed/08_stuck_then_continues.json

    @LL-PLAYBACK-056.a @profile-soon-stuck
    Scenario: It hangs a second time
      Given a connected client
      And the player plays in a voice channel "tone-4s.wav?hang=1s&hang=2s&of=${guild}"
      And the client receives "TrackStuckEvent" within 4 seconds
      When the media "tone-4s.wav?hang=1s&hang=2s&of=${guild}" goes on
      Then no "TrackStuckEvent" follows within 2.5 seconds
      When the media "tone-4s.wav?hang=1s&hang=2s&of=${guild}" goes on
      Then the client receives "TrackEndEvent" within 7 seconds with {"reason": "finished", "track": {"info": {"position": 3980}}}

  @LL-PLAYBACK-057 @observed
  Rule: A track that is paused or not heard is not stuck
    Sources: docs/observed/playback.md#stuck-tracks

    @LL-PLAYBACK-057.a @profile-soon-stuck
    Scenario: Two seconds
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      When the client updates the player with {"paused": true}
      Then no "TrackStuckEvent" follows within 2 seconds

    @LL-PLAYBACK-057.b @profile-soon-stuck
    Scenario: Nor is one that nobody hears
      Given a connected client
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then no "TrackStuckEvent" follows within 2 seconds

  @LL-PLAYBACK-058 @observed
  Rule: A file that ends before its header says so breaks, and what there is of it is heard
    Sources: docs/observed/playback.md#tracks-that-break; fixtures/recordings/unplayed/08_load_failed_files.json

    @LL-PLAYBACK-058.a
    Scenario: Two seconds of five
      Given a connected client
      And the player plays in a voice channel "tone-5s.wav?end=2s&of=${guild}"
      Then the client receives "TrackExceptionEvent" within 3 seconds with {"exception": {"message": "Something went wrong when decoding the track."}}
      And the client receives "TrackEndEvent" within 4 seconds with {"reason": "finished", "track": {"info": {"position": "#range 1400..1980"}}}

  @LL-PLAYBACK-062 @observed
  Rule: Of an mp3 with noise in it the rest is heard, and nobody is told
    The track ends sooner than its length says.
    Sources: docs/observed/playback.md#tracks-that-break; fixtures/recordings/unplayed/08_load_failed_files.json

    @LL-PLAYBACK-062.a
    Scenario: The middle third makes no sense
      Given a connected client
      And the player is in a voice channel
      And a loaded track "garbled.mp3"
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives "TrackStartEvent"
      And no "TrackExceptionEvent" follows within 1 seconds
      And the client receives "TrackEndEvent" within 5 seconds with {"reason": "finished", "track": {"info": {"position": "#range 1600..2700"}}}
      And the voice channel hears 80 to 136 frames within 1.5 seconds

    @LL-PLAYBACK-062.b @twin
    Scenario: All of it does
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone.mp3"
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives "TrackStartEvent"
      And the client receives "TrackEndEvent" within 5 seconds with {"reason": "finished", "track": {"info": {"position": "#range 2800..3060"}}}

  @LL-PLAYBACK-059 @should
  Rule: A stream without end plays until it is stopped
    Sources: Lavalink docs, api/rest.md "Track Info"; docs/observed/playback.md#streams

    @LL-PLAYBACK-059.a
    Scenario: A radio station
      Given a connected client
      And the player plays in a voice channel "endless.mp3"
      Then the player contains {"track": {"info": {"isStream": true, "isSeekable": false}}}
      And no "event" follows within 3 seconds
      And the player contains {"track": {"info": {"isStream": true}}}

  @LL-PLAYBACK-400 @must @needs-manual-time @slow
  Rule: A long file is heard to its end
    However many bytes it has.
    Sources: Lavalink docs, api/websocket.md "Track End Reason"; docs/observed/playback.md#ends-of-tracks

    @LL-PLAYBACK-400.a
    Scenario: Two minutes, 22 MiB
      Given a connected client
      And the player plays in a voice channel "tone-120s.wav"
      When 118 seconds pass
      Then the client receives "TrackEndEvent" within 4 seconds with {"reason": "finished", "track": {"info": {"position": 119980}}}
      And the voice channel hears every frame up to 119980 ms within 1 seconds

  @LL-PLAYBACK-060 @must
  Rule: A source that hangs leaves the other players alone
    One bot must not silence the others of its server. TrackStuckEvent is about one track.
    Sources: Lavalink docs, api/websocket.md "TrackStuckEvent"; docs/observed/playback.md#tracks-that-break

    @LL-PLAYBACK-060.a
    Scenario: One hangs, another plays
      Given a connected client
      And player "2" plays in a voice channel "tone-5s.wav?hang=1s&of=${guild}"
      And the player plays in a voice channel "tone-3s.wav"
      Then the client receives "TrackEndEvent" within 6 seconds with {"guildId": "${guild}", "reason": "finished"}
      And the voice channel hears 143 to 157 frames within 1.5 seconds

  @LL-PLAYBACK-061 @observed
  Rule: Without a voice channel a track that fails is told, but does not end
    Nobody asks for its frames, so nobody learns that there are none, until it is cleaned up.
    Sources: docs/observed/playback.md#tracks-that-cannot-be-opened; fixtures/recordings/unplayed/08_load_failed_files.json

    @LL-PLAYBACK-061.a
    Scenario: A file that is not there
      Given a connected client
      And an encoded track remembered as "refused":
        """
        {"sourceName": "http", "identifier": "${media}/missing.mp3", "uri": "${media}/missing.mp3", "probeInfo": "mp3"}
        """
      When the client updates the player with {"track": {"encoded": "${refused}"}}
      Then the client receives "TrackStartEvent"
      And the client receives "TrackExceptionEvent" within 5 seconds
      And no "TrackEndEvent" follows within 3 seconds
      And the player contains {"track": {"info": {"sourceName": "http"}}}

  @LL-PLAYBACK-063 @observed
  Rule: A file that is gone when its track is to be played fails the track, and the exception names it
    Sources: docs/observed/playback.md#tracks-that-cannot-be-opened; fixtures/recordings/unplayed/08_load_failed_files.json

    @LL-PLAYBACK-063.a @needs-local-source @profile-local-files
    Scenario: There is nothing by that name
      Given a connected client
      And the player is in a voice channel
      And an encoded track remembered as "gone":
        """
        {"sourceName": "local", "identifier": "/gone/${guild}.wav", "uri": "/gone/${guild}.wav", "probeInfo": "wav"}
        """
      When the client updates the player with {"track": {"encoded": "${gone}"}}
      Then the answer is 200
      And the client receives "TrackStartEvent"
      And the client receives in any order within 3 seconds:
        | kind                | with                                                                                                                           |
        | TrackExceptionEvent | {"exception": {"message": "Something broke when playing the track.", "severity": "fault", "cause": "#/.*/gone/${guild}[.]wav.*/"}} |
        | TrackEndEvent       | {"reason": "#/(loadFailed)?(finished)?/"}                                                                                        |
      And the voice channel hears 0 frames
