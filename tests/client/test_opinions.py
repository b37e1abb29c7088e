"""Likes, reactions and picks: how they are shown, what the bots are told, and what goes with later questions."""

from __future__ import annotations

import pytest

from poebook.client.conversation import Conversation
from poebook.errors import PoebookError
from tests.client.scripted import Scripted, echo


def reports(bot: Scripted) -> list[tuple[str, str]]:
    found = [body for body in bot.bodies if body["type"].startswith("report_")]
    return [(body["type"], body.get("feedback_type") or body["reaction"]) for body in found]


def test_likes_and_reactions_reach_the_bot_once_each() -> None:
    bot = echo()
    conversation = Conversation(bot)
    answer = conversation.ask("one")
    conversation.like(answer)
    conversation.like(answer)
    conversation.unlike(answer)
    conversation.dislike(answer, reason="Too short.")
    conversation.reaction("heart")
    conversation.reaction("heart")
    conversation.reaction("heart", on=False)
    told = [("report_feedback", "like"), ("report_feedback", "dislike"), ("report_reaction", "heart")]
    assert reports(bot) == told
    assert bot.bodies[-1]["message_id"] == answer.message_id
    assert bot.bodies[-1]["conversation_id"] == conversation.id


def test_what_was_thought_of_an_answer_goes_with_later_questions() -> None:
    bot = echo()
    conversation = Conversation(bot)
    conversation.ask("one")
    conversation.dislike(reason="Too short.")
    conversation.reaction("heart")
    conversation.ask("two")
    answer = bot.bodies[-1]["query"][1]
    assert answer["feedback"] == [{"type": "dislike", "reason": "Too short."}]
    assert [one["reaction"] for one in answer["reactions"]] == ["heart"]
    assert answer["reactions"][0]["user_id"] == bot.bodies[-1]["user_id"]


def test_the_best_answer_is_picked_and_counted() -> None:
    conversation = Conversation(echo("left"), echo("right"))
    conversation.ask("one")
    conversation.pick("left")
    conversation.ask("two")
    conversation.pick("right")
    conversation.pick("left")
    assert conversation.wins == {"left": 2, "right": 0}
    conversation.pick(None, turn=0)
    assert conversation.wins == {"left": 1, "right": 0}


def test_with_several_targets_it_must_be_said_whose_answer_is_meant() -> None:
    conversation = Conversation(echo("left"), echo("right"))
    with pytest.raises(PoebookError, match="Nothing has been asked yet"):
        conversation.like()
    conversation.ask("one")
    with pytest.raises(PoebookError, match="Whose answer"):
        conversation.like()
    with pytest.raises(PoebookError, match="not of this conversation"):
        conversation.like("m-nowhere")
    conversation.like(conversation.answers["right"])
    assert conversation.snapshot()["turns"][0]["answers"][1]["feedback"] == "like"


def test_simulated_users_ask_under_their_names() -> None:
    bot = echo()
    conversation = Conversation(bot)
    conversation.ask("one", user="Ada")
    conversation.ask("two", user="Bo")
    conversation.ask("three")
    first, second, third = bot.bodies
    assert first["query"][-1]["sender"]["name"] == "Ada"
    assert [user["name"] for user in second["users"]] == ["Ada", "Bo"]
    assert second["user_id"] == second["query"][-1]["sender"]["id"] == second["users"][1]["id"]
    assert second["query"][0]["sender"]["id"] == first["user_id"] != second["user_id"]
    assert third["query"][-1]["sender"] is None
    assert conversation.users == ["Ada", "Bo"]


def test_parameters_are_those_of_the_moment_and_stay_with_their_question() -> None:
    bot = echo()
    conversation = Conversation(bot, parameters={"detail": 1})
    conversation.ask("one")
    conversation.parameters["detail"] = 2
    conversation.regenerate()
    conversation.ask("two")
    assert [body["query"][-1]["parameters"] for body in bot.bodies] == [{"detail": 1}, {"detail": 1}, {"detail": 2}]
    conversation.parameters = {"unit": "c"}
    del conversation.parameters["unit"]
    assert conversation.parameters == {}
    with pytest.raises(PoebookError, match="parameter unit cannot be sent: a set is no JSON"):
        conversation.parameters["unit"] = {"c"}
    assert [turn["parameters"] for turn in conversation.snapshot()["turns"]] == [{"detail": 1}, {"detail": 2}]
