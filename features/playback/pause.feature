@needs-voice @needs-http-source
Feature: Pausing what is heard

  @LL-PLAYBACK-010 @must
  Rule: A paused player keeps its position, and nothing more is heard
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/playback.md#pause

    @LL-PLAYBACK-010.a
    Scenario: The sender runs dry
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 2 seconds pass
      And the client updates the player with {"paused": true}
      And 1 seconds pass
      And the client fetches the player
      And the answer at "/state/position" is remembered as "position"
      When 1 seconds pass
      Then the player contains {"paused": true, "state": {"position": ${position}}}
      And the voice channel hears nothing for 1 seconds

    @LL-PLAYBACK-010.b
    Scenario: Unpaused it goes on where it was
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 1 seconds pass
      And the client updates the player with {"paused": true}
      And 3 seconds pass
      And the client fetches the player
      And the answer at "/state/position" is remembered as "position"
      When the client updates the player with {"paused": false}
      And 1 seconds pass
      And the client fetches the player
      Then the answer at "/state/position" is "#range ${position}.."
      And the answer at "/state/position" is "#range 1000..3500"

  @LL-PLAYBACK-011 @must
  Rule: playerUpdates go on while a player is paused, and no event tells of the pause
    Sources: Lavalink docs, api/websocket.md "Player Update OP"; Lavalink docs, api/websocket.md "Event Types"; docs/observed/playback.md#pause

    @LL-PLAYBACK-011.a @slow
    Scenario: Two of them
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 1 seconds pass
      When the client updates the player with {"paused": true}
      Then no "event" follows
      And the client receives "playerUpdate" within 6.5 seconds with {"guildId": "${guild}"}
      And the client receives "playerUpdate" within 6.5 seconds with {"guildId": "${guild}"}

  @LL-PLAYBACK-012 @observed
  Rule: A track that is paused is not cleaned up as long as somebody could hear it
    Sources: docs/observed/playback.md#pause; docs/observed/players.md#without-a-voice-connection

    @LL-PLAYBACK-012.a @slow
    Scenario: Eighty seconds
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      When the client updates the player with {"paused": true}
      Then no "TrackEndEvent" follows within 80 seconds

  @LL-PLAYBACK-013 @should
  Rule: A track can be started paused
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/playback.md#pause

    @LL-PLAYBACK-013.a
    Scenario: Nothing is heard before it is unpaused
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"paused": true, "track": {"encoded": "${track}"}}
      Then the voice channel hears nothing for 1 seconds
      And the player contains {"paused": true, "state": {"position": 0}}

    @LL-PLAYBACK-013.b
    Scenario: Unpaused it is heard from its beginning
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-3s.wav"
      And the client updates the player with {"paused": true, "track": {"encoded": "${track}"}}
      And 2 seconds pass
      When the client updates the player with {"paused": false}
      Then no "TrackEndEvent" follows within 1.5 seconds
      And the client receives "TrackEndEvent" within 3 seconds with {"reason": "finished"}

  @LL-PLAYBACK-014 @observed
  Rule: After a pause the sender's 20 packets leave, then five of silence, and nothing more
    Every frame up to the position that is shown is among them.
    Sources: docs/observed/playback.md#pause; fixtures/recordings/playback/05_pause.json

    @LL-PLAYBACK-014.a
    Scenario: In the fourth second
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 3 seconds pass
      When the client updates the player with {"paused": true}
      Then the voice channel hears 8 to 24 more frames and 5 of silence within 1 seconds
      And the voice channel hears nothing for 1 seconds
      And the voice gateway sees "silence" 2 times

    @LL-PLAYBACK-014.b
    Scenario: Up to the position that is shown
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 3 seconds pass
      And the client updates the player with {"paused": true}
      When the client fetches the player
      And the answer at "/state/position" is remembered as "position"
      Then the voice channel hears every frame up to ${position} ms within 1 seconds

  @LL-PLAYBACK-015 @observed
  Rule: A player that is unpaused is heard within a moment
    Some 40 ms.
    Sources: docs/observed/playback.md#pause; fixtures/recordings/playback/05_pause.json

    @LL-PLAYBACK-015.a
    Scenario: Half a second later
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 2 seconds pass
      And the client updates the player with {"paused": true}
      And 1 seconds pass
      When the client updates the player with {"paused": false}
      Then the voice channel hears 14 to 32 more frames within 0.5 seconds

  @LL-PLAYBACK-016 @must
  Rule: A pause loses nothing that could be heard missing, and nothing comes twice
    Some frames more or less are for whoever decodes in his own way.
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/playback.md#pause

    @LL-PLAYBACK-016.a
    Scenario: In the middle of three seconds
      Given a connected client
      And the player plays in a voice channel "tone-3s.wav"
      And 1 seconds pass
      And the client updates the player with {"paused": true}
      And 1 seconds pass
      And the client updates the player with {"paused": true}
      When the client updates the player with {"paused": false}
      Then the client receives "TrackEndEvent" within 4 seconds with {"reason": "finished"}
      And the voice channel hears 143 to 157 frames within 1.5 seconds

  @LL-PLAYBACK-017 @must
  Rule: A player that plays can be unpaused, and nothing happens
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/playback.md#pause; document §1.3

    @LL-PLAYBACK-017.a
    Scenario: In the middle of three seconds
      Given a connected client
      And the player plays in a voice channel "tone-3s.wav"
      And 0.5 seconds pass
      When the client updates the player with {"paused": false}
      Then the answer contains {"paused": false, "track": {"info": {"uri": "${media}/tone-3s.wav"}}}
      And no "event" follows
      And the client receives "TrackEndEvent" within 5 seconds with {"reason": "finished"}
