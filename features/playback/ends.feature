@needs-voice @needs-http-source
Feature: Ends of what is heard

  @LL-PLAYBACK-040 @must
  Rule: A track that is stopped ends with the reason stopped, and silence follows
    Sources: docs/observed/playback.md#stops-replacements-destroyed-players; fixtures/recordings/voice/voice_stop_and_replace.json

    @LL-PLAYBACK-040.a
    Scenario: A null encoded track
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 1 seconds pass
      When the client updates the player with {"track": {"encoded": null}}
      Then the answer contains {"track": null, "state": {"position": 0, "connected": true}}
      And the client receives "TrackEndEvent" with {"reason": "stopped", "track": {"info": {"position": "#range 600..1900"}}}
      And no message follows
      When 1 seconds pass
      Then the voice channel hears nothing for 1 seconds

    @LL-PLAYBACK-040.b
    Scenario: What the sender has is heard, up to the position of the event
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
    Sources: docs/observed/playback.md#stops-replacements-destroyed-players; fixtures/recordings/voice/voice_stop_and_replace.json

    @LL-PLAYBACK-041.a
    Scenario: The same again
      Given a connected client
      And the player plays in a voice channel "tone-3s.wav"
      And 1 seconds pass
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives in this order:
        | kind            | with                     |
        | TrackEndEvent   | {"reason": "replaced"}   |
        | TrackStartEvent |                          |
      And the client receives "TrackEndEvent" within 6 seconds with {"reason": "finished", "track": {"info": {"position": 2980}}}
      And the voice channel hears no faults

    @LL-PLAYBACK-041.b
    Scenario: What the sender has of the old one is heard, then the new one
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
  Rule: A track that cannot be opened ends with loadFailed, after an exception
    Sources: docs/observed/playback.md#tracks-that-cannot-be-opened; fixtures/recordings/unplayed/voice_track_errors.json

    @LL-PLAYBACK-042.a @quirk
    Scenario: An address where nobody is
      Given a connected client
      And the player is in a voice channel
      And an encoded track remembered as "gone":
        """
        {"sourceName": "http", "identifier": "http://127.0.0.1:1/gone.mp3", "uri": "http://127.0.0.1:1/gone.mp3"}
        """
      When the client updates the player with {"track": {"encoded": "${gone}"}}
      Then the answer is 200
      And the client receives "TrackStartEvent"
      And the client receives "TrackExceptionEvent" within 5 seconds with {"guildId": "${guild}", "exception": {"message": "Something broke when playing the track.", "severity": "fault", "cause": "#string", "causeStackTrace": "#string"}}

    @LL-PLAYBACK-042.b
    Scenario: And the end
      Given a connected client
      And the player is in a voice channel
      And an encoded track remembered as "gone":
        """
        {"sourceName": "http", "identifier": "http://127.0.0.1:1/gone.mp3", "uri": "http://127.0.0.1:1/gone.mp3"}
        """
      When the client updates the player with {"track": {"encoded": "${gone}"}}
      Then the client receives "TrackEndEvent" within 5 seconds with {"reason": "#/loadFailed|finished/"}
      And the player contains {"track": null}

  @LL-PLAYBACK-043 @must
  Rule: A track that began before there was a voice channel is heard once there is one
    Sources: docs/observed/players.md#without-a-voice-connection

    @LL-PLAYBACK-043.a
    Scenario: It begins then
      Given a connected client
      And a playing track "tone-3s.wav"
      And 2 seconds pass
      When the player is in a voice channel
      Then the client receives "TrackEndEvent" within 6 seconds with {"reason": "finished", "track": {"info": {"position": 2980}}}
      And the voice channel hears every frame up to 2980 ms within 1.5 seconds

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
      Then the answer is 204
      And the voice channel hears 8 to 24 more frames and 0 to 1 of silence within 1 seconds
      And the voice channel hears nothing for 1 seconds
