@profile-short-updates
Feature: The interval of playerUpdates can be configured
  Here playerUpdateInterval is 1.

  @LL-PLAYER-110 @must
  Rule: playerUpdateInterval says how many seconds lie between playerUpdates
    Sources: Lavalink docs, api/websocket.md "Player Update OP"; Lavalink docs, configuration/config/file.md "Example application.yml"; docs/observed/players.md#playerupdates; document §1.6

    @LL-PLAYER-110.a @needs-http-source
    Scenario: Three more, a second apart
      Given a connected client
      And a playing track "tone-30s.wav"
      Then the client receives "playerUpdate" within 2 seconds with {"guildId": "${guild}"}
      And the client receives "playerUpdate" within 2 seconds with {"guildId": "${guild}"}
      And the client receives "playerUpdate" within 2 seconds with {"guildId": "${guild}"}
      And at most 3 "playerUpdate" messages follow within 2 seconds
