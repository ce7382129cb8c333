@needs-voice @needs-http-source
Feature: Ends of what is heard

  @LL-PLAYBACK-040 @must
  Rule: A track that is stopped ends with the reason stopped, and silence follows
    Sources: Lavalink docs, api/rest.md "Update Player Track"; Lavalink docs, api/websocket.md "Track End Reason"; docs/observed/playback.md#stops-replacements-destroyed-players; fixtures/recordings/voice/voice_stop_and_replace.json

    @LL-PLAYBACK-040.a
    Scenario: A null encoded track
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 1 seconds pass
      When the client updates the player with {"track": {"encoded": null}}
      Then the answer contains {"track": null}
      And the client receives "TrackEndEvent" with {"reason": "stopped"}
      And the voice channel hears 0 to 75 more frames within 1.5 seconds
      And the voice channel hears nothing for 1 seconds

  @LL-PLAYBACK-091 @observed
  Rule: A track that is stopped ends where it was, what the sender has is heard, and no playerUpdate comes
    Sources: docs/observed/playback.md#stops-replacements-destroyed-players; fixtures/recordings/voice/voice_stop_and_replace.json

    @LL-PLAYBACK-091.a
    Scenario: What is told
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 1 seconds pass
      When the client updates the player with {"track": {"encoded": null}}
      Then the answer contains {"state": {"position": 0, "connected": true}}
      And the client receives "TrackEndEvent" with {"track": {"info": {"position": "#range 600..1900"}}}
      And no message follows

    @LL-PLAYBACK-091.b
    Scenario: What is heard, up to the position of the event
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 3 seconds pass
      When the client updates the player with {"track": {"encoded": null}}
      And the client receives "TrackEndEvent" with {"reason": "stopped"}
      And the message at "/track/info/position" is remembered as "position"
      Then the voice channel hears 8 to 24 more frames and 5 of silence within 1 seconds
      And the voice channel hears every frame up to ${position} ms

  @LL-PLAYBACK-041 @must
  Rule: A replaced track gives way without a break in the packets
    Sources: Lavalink docs, api/rest.md "Update Player Track"; Discord docs, topics/voice-connections "Encrypting and Sending Voice"; docs/observed/playback.md#stops-replacements-destroyed-players; fixtures/recordings/voice/voice_stop_and_replace.json

    @LL-PLAYBACK-041.d
    Scenario: The same again
      Given a connected client
      And the player plays in a voice channel "tone-3s.wav"
      And 1 seconds pass
      And the client updates the player with {"track": {"encoded": "${track}"}}
      And the client receives "TrackEndEvent" with {"reason": "replaced"}
      When the client receives "TrackEndEvent" within 6 seconds with {"reason": "finished"}
      Then the voice channel hears no faults

  @LL-PLAYBACK-092 @observed
  Rule: What the sender has of a replaced track is heard, then the new one
    Sources: docs/observed/playback.md#stops-replacements-destroyed-players; fixtures/recordings/voice/voice_stop_and_replace.json

    @LL-PLAYBACK-092.a
    Scenario: Another tone
      Given a connected client
      And a loaded track "tone-440hz-30s.wav" remembered as "other"
      And the player plays in a voice channel "tone-1000hz-30s.wav"
      And 3 seconds pass
      When the client updates the player with {"track": {"encoded": "${other}"}}
      And the client listens for 0.08 seconds
      Then the tone of 1000 Hz is at -4 to 1.5 dB
      When 1 seconds pass
      And the client listens for 0.5 seconds
      Then the tone of 440 Hz is at -1 to 1 dB
      And the tone of 1000 Hz is below -30 dB

  @LL-PLAYBACK-042 @must
  Rule: A track that cannot be opened ends, and an exception is told
    The reason is loadFailed. Now and then the real server ends the track first, as finished.
    Sources: Lavalink docs, api/websocket.md "TrackExceptionEvent"; Lavalink docs, api/websocket.md "Track End Reason"; docs/observed/playback.md#tracks-that-cannot-be-opened; fixtures/recordings/unplayed/voice_track_errors.json

    @LL-PLAYBACK-042.c
    Scenario: A file that has gone to where nobody is
      Given a connected client
      And the player is in a voice channel
      And the media "${guild}/tone.mp3" is {"file": "tone.mp3"}
      And a loaded track "${guild}/tone.mp3"
      And the media "${guild}/tone.mp3" is {"status": 302, "headers": {"Location": "http://127.0.0.1:1/gone.mp3"}}
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives in any order within 5 seconds:
        | kind                | with                                                                                                |
        | TrackExceptionEvent | {"guildId": "${guild}", "exception": {"severity": "#/(common)?(suspicious)?(fault)?/"}} |
        | TrackEndEvent       | {"guildId": "${guild}", "reason": "#/(loadFailed)?(finished)?/"}                                         |

  @LL-PLAYBACK-093 @observed
  Rule: The exception of a track that cannot be opened is a fault, with the message of the real server
    Sources: docs/observed/playback.md#tracks-that-cannot-be-opened; fixtures/recordings/unplayed/voice_track_errors.json; fixtures/recordings/unplayed/08_load_failed_files.json

    @LL-PLAYBACK-093.a
    Scenario: A file that is not there
      Given a connected client
      And the player is in a voice channel
      And an encoded track remembered as "refused":
        """
        {"sourceName": "http", "identifier": "${media}/missing.mp3", "uri": "${media}/missing.mp3", "probeInfo": "mp3"}
        """
      When the client updates the player with {"track": {"encoded": "${refused}"}}
      Then the client receives "TrackExceptionEvent" within 5 seconds with {"exception": {"message": "Something broke when playing the track.", "severity": "fault", "cause": "#string", "causeStackTrace": "#string"}}

  @LL-PLAYBACK-043 @must
  Rule: A track that began before there was a voice channel is heard once there is one
    Clients send track and voice data in whatever order they have them.
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/players.md#without-a-voice-connection

    @LL-PLAYBACK-043.a
    Scenario: It begins then
      Given a connected client
      And a loaded track "tone-3s.wav"
      And the client updates the player with {"track": {"encoded": "${track}"}}
      And 1 seconds pass
      When the player is in a voice channel
      Then the client receives "TrackEndEvent" within 6 seconds with {"reason": "finished"}
      And the voice channel hears 90 to 160 frames within 1.5 seconds

  @LL-PLAYBACK-044 @observed
  Rule: What the sender has is heard when the player is destroyed, and no silence follows
    One frame of silence may.
    Sources: docs/observed/playback.md#stops-replacements-destroyed-players; docs/observed/sessions.md#sessions-that-end; fixtures/recordings/playback/07_stop_replace_noreplace.json

    @LL-PLAYBACK-044.a
    Scenario: While a track plays
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 3 seconds pass
      When the client destroys the player
      Then the voice channel hears 8 to 24 more frames and 0 to 1 of silence within 1 seconds
      And the voice channel hears nothing for 1 seconds
