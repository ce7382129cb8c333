@needs-voice @needs-http-source
Feature: Streams over HTTP
  Lists of segments (HLS) with AAC in MPEG-TS, and raw AAC, as radio stations and live streams give them.

  @LL-PLAYBACK-100 @observed
  Rule: A list of segments plays them one after the other
    Without a pause between them, and the track ends with the list. A client sees a stream that is not
    seekable.
    Sources: docs/observed/tracks-and-sources.md#streams-over-http

    @LL-PLAYBACK-100.a
    Scenario: Two segments of a second
      Given a connected client
      And the player is in a voice channel
      And the media "${guild}/a.ts" is {"file": "tone.ts"}
      And the media "${guild}/b.ts" is {"file": "tone.ts"}
      And the media "${guild}/list.m3u8" is {"text": "#EXTM3U\n#EXTINF:0.1,\na.ts\n#EXTINF:1,\n${media}/${guild}/b.ts\n#EXT-X-ENDLIST\n"}
      And a loaded track "${guild}/list.m3u8"
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives "TrackStartEvent" with {"track": {"info": {"isStream": true, "isSeekable": false}, "pluginInfo": {"probeInfo": "m3u|hls-outer"}}}
      And the client receives "event" within 6 seconds with {"type": "TrackEndEvent", "reason": "finished", "track": {"info": {"position": "#range 1900..2020"}}}
      And the voice channel hears 95 to 102 frames within 1.5 seconds

    @LL-PLAYBACK-100.b
    Scenario: It is heard
      Given a connected client
      And the player is in a voice channel
      And the media "${guild}/a.ts" is {"file": "tone.ts"}
      And the media "${guild}/b.ts" is {"file": "tone.ts"}
      And the media "${guild}/list.m3u8" is {"text": "#EXTM3U\n#EXTINF:0.1,\na.ts\n#EXTINF:0.1,\nb.ts\n#EXTINF:0.1,\na.ts?again\n"}
      And a loaded track "${guild}/list.m3u8"
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client listens for 1 seconds
      And the pitch is 435 to 445 Hz

  @LL-PLAYBACK-101 @observed
  Rule: Of a list of variants the first is played
    What is no whole URL is put behind the last slash of the list's own.
    Sources: docs/observed/tracks-and-sources.md#streams-over-http

    @LL-PLAYBACK-101.a
    Scenario Outline: The variant "<case>"
      Given a connected client
      And the player is in a voice channel
      And the media "${guild}/a.ts" is {"file": "tone.ts"}
      And the media "${guild}/list.m3u8" is {"text": "#EXTM3U\n#EXTINF:0.1,\na.ts\n#EXT-X-ENDLIST\n"}
      And the media "${guild}/all.m3u8" is {"text": "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n<url>\n#EXT-X-STREAM-INF:BANDWIDTH=2\nnone.m3u8\n"}
      And a loaded track "${guild}/all.m3u8"
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives "TrackStartEvent"
      And the client receives "event" within 5 seconds with {"type": "TrackEndEvent", "reason": "finished", "track": {"info": {"position": "#range 900..1020"}}}

      Examples:
        | case     | url                         |
        | name     | list.m3u8                   |
        | slash    | /list.m3u8                  |
        | whole    | ${media}/${guild}/list.m3u8 |

  @LL-PLAYBACK-102 @observed
  Rule: A list that is refused is suspicious, a segment that is refused a fault
    What was decoded before is heard, and the end is finished then.
    Sources: docs/observed/tracks-and-sources.md#streams-over-http

    @LL-PLAYBACK-102.a
    Scenario Outline: "<case>" is not there
      Given a connected client
      And the player is in a voice channel
      And an encoded track remembered as "stream":
        """
        {"sourceName": "http", "identifier": "${media}/${guild}/list.m3u8", "probeInfo": "m3u|hls-outer", "isStream": true}
        """
      And the media "${guild}/list.m3u8" is {"text": "#EXTM3U\n<text>\n"}
      And the media "${guild}/moved.ts" is {"status": 302, "headers": {"Location": "${media}/tone.ts"}}
      And the media "${guild}/moved.m3u8" is {"status": 302, "headers": {"Location": "there.m3u8"}}
      And the media "${guild}/there.m3u8" is {"text": "#EXTM3U\n#EXTINF:0.1,\n${media}/tone.ts\n"}
      When the client updates the player with {"track": {"encoded": "${stream}"}}
      Then the client receives in any order within 5 seconds:
        | kind                | with                                                                                 |
        | TrackExceptionEvent | {"exception": {"message": "<message>", "severity": "<severity>", "cause": "<cause>"}} |
        | TrackEndEvent       | {"reason": "#/(loadFailed)?(finished)?/"}                                            |
      And the voice channel hears 0 frames

      Examples:
        | case    | text                                          | message                                       | severity   | cause                                                                          |
        | segment | #EXTINF:0.1,\\nnone.ts                         | Something went wrong when decoding the track. | fault      | java.io.IOException: Invalid status code from segment data URL: 404            |
        | segment moved | #EXTINF:0.1,\\nmoved.ts                  | Something went wrong when decoding the track. | fault      | java.io.IOException: Invalid status code from segment data URL: 302            |
        | variant moved | #EXT-X-STREAM-INF:BANDWIDTH=1\\nmoved.m3u8 | Failed to get next part of the stream.       | suspicious | java.io.IOException: Unexpected response code 302 from stream segments list    |
        | variant | #EXT-X-STREAM-INF:BANDWIDTH=1\\nnone.m3u8     | Failed to get next part of the stream.        | suspicious | java.io.IOException: Unexpected response code 404 from stream segments list    |

    @LL-PLAYBACK-102.b
    Scenario: The list itself is missing
      Given a connected client
      And the player is in a voice channel
      And an encoded track remembered as "stream":
        """
        {"sourceName": "http", "identifier": "${media}/${guild}/none.m3u8", "probeInfo": "m3u|hls-outer", "isStream": true}
        """
      When the client updates the player with {"track": {"encoded": "${stream}"}}
      Then the client receives "TrackExceptionEvent" within 5 seconds with {"exception": {"message": "Failed to get next part of the stream.", "severity": "suspicious", "cause": "java.io.IOException: Unexpected response code 404 from HLS stream list"}}

    @LL-PLAYBACK-102.c
    Scenario: A segment in the middle is missing
      Given a connected client
      And the player is in a voice channel
      And the media "${guild}/a.ts" is {"file": "tone.ts"}
      And the media "${guild}/list.m3u8" is {"text": "#EXTM3U\n#EXTINF:0.1,\na.ts\n#EXTINF:0.1,\nnone.ts\n"}
      And a loaded track "${guild}/list.m3u8"
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives "TrackExceptionEvent" within 4 seconds with {"exception": {"message": "Something went wrong when decoding the track.", "severity": "fault"}}
      And the client receives "TrackEndEvent" within 4 seconds with {"reason": "finished", "track": {"info": {"position": "#range 880..1020"}}}

  @LL-PLAYBACK-103 @observed
  Rule: After the last segment another is waited for as long as the first one takes
    Also if the list says that it has ended. A list without lengths is not waited for.
    Sources: docs/observed/tracks-and-sources.md#streams-over-http

    @LL-PLAYBACK-103.a
    Scenario: A segment of a second that is said to take three
      Given a connected client
      And the player is in a voice channel
      And the media "${guild}/a.ts" is {"file": "tone.ts"}
      And the media "${guild}/list.m3u8" is {"text": "#EXTM3U\n#EXTINF:3,\na.ts\n#EXT-X-ENDLIST\n"}
      And a loaded track "${guild}/list.m3u8"
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives "TrackStartEvent"
      And no "event" follows within 2 seconds
      And the client receives "TrackEndEvent" within 5 seconds with {"reason": "finished"}

  @LL-PLAYBACK-104 @observed
  Rule: Segments without AAC in MPEG-TS are a track of no length
    It ends as finished, and nobody is told of an error: raw AAC in segments is not played.
    Sources: docs/observed/tracks-and-sources.md#streams-over-http

    @LL-PLAYBACK-104.a
    Scenario Outline: A list of "<case>"
      Given a connected client
      And the player is in a voice channel
      And an encoded track remembered as "stream":
        """
        {"sourceName": "http", "identifier": "${media}/${guild}/list.m3u8", "probeInfo": "m3u|hls-outer", "isStream": true}
        """
      And the media "${guild}/a" is {"file": "<file>"}
      And the media "${guild}/list.m3u8" is {"text": "#EXTM3U\n<text>\n"}
      When the client updates the player with {"track": {"encoded": "${stream}"}}
      Then the client receives "TrackStartEvent"
      And the client receives "event" within 5 seconds with {"type": "TrackEndEvent", "reason": "finished"}
      And the voice channel hears 0 frames

      Examples:
        | case    | file     | text            |
        | raw     | tone.aac | #EXTINF:0.1,\\na |
        | wav     | tone.wav | #EXTINF:0.1,\\na |
        | nothing | tone.aac | #EXT-X-ENDLIST  |

  @LL-PLAYBACK-105 @observed
  Rule: Raw AAC is a stream of its own and plays to its end
    No header tells its length, so it cannot be sought in.
    Sources: docs/observed/tracks-and-sources.md#streams-over-http

    @LL-PLAYBACK-105.a
    Scenario: Three seconds in ADTS
      Given a connected client
      And the player is in a voice channel
      And the media "${guild}/tone.aac" is {"file": "tone.aac", "headers": {"Content-Type": "audio/aac"}}
      And a loaded track "${guild}/tone.aac"
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives "TrackStartEvent" with {"track": {"info": {"isStream": true, "isSeekable": false}, "pluginInfo": {"probeInfo": "adts"}}}
      And the client receives "event" within 6 seconds with {"type": "TrackEndEvent", "reason": "finished", "track": {"info": {"position": "#range 2900..3060"}}}

  @LL-PLAYBACK-107 @observed
  Rule: What is said to be a transport stream is a stream of its own and plays to its end
    Such tracks come of local files.
    Sources: docs/observed/tracks-and-sources.md#containers

    @LL-PLAYBACK-107.a
    Scenario: A second
      Given a connected client
      And the player is in a voice channel
      And an encoded track remembered as "segment":
        """
        {"sourceName": "http", "identifier": "${media}/tone.ts", "uri": "${media}/tone.ts", "probeInfo": "mpegts-adts", "isStream": true}
        """
      When the client updates the player with {"track": {"encoded": "${segment}"}}
      Then the client receives "TrackStartEvent" with {"track": {"info": {"isStream": true, "isSeekable": false}, "pluginInfo": {"probeInfo": "mpegts-adts"}}}
      And the client receives "TrackEndEvent" within 5 seconds with {"reason": "finished", "track": {"info": {"position": "#range 100..1100"}}}

    @LL-PLAYBACK-107.b
    Scenario: All of it is heard
      Given a connected client
      And the player is in a voice channel
      And an encoded track remembered as "segment":
        """
        {"sourceName": "http", "identifier": "${media}/tone.ts", "uri": "${media}/tone.ts", "probeInfo": "mpegts-adts", "isStream": true}
        """
      When the client updates the player with {"track": {"encoded": "${segment}"}}
      Then the client receives "TrackEndEvent" within 5 seconds with {"reason": "finished", "track": {"info": {"position": "#range 880..1020"}}}
