"""Robots of group chats (DingTalk, WeCom, Feishu) by senders of our own: signed, in Markdown, and asked what they say.

They answer HTTP 200 whatever they make of a message; what it became is in the answer's body.
"""

from __future__ import annotations

from punchsync.deliver.robots.address import NoRobot as NoRobot
from punchsync.deliver.robots.address import robot_of as robot_of
