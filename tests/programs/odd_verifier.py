#!/usr/bin/python3
"""A program that speaks assay-exec/1, and breaks it in the way that its argument names. Tokens that are "good" are
accepted; "clock" is refused with the time that the process sees as its words. "choosy" breaks nothing: it accepts every
other token of HS256, and none of HS384."""
import base64
import json
import os
import sys
import time

way = " ".join(sys.argv[1:])


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def hello():
    if way == "mute":
        time.sleep(60)
    if way == "early":
        sys.exit("its engine is cold")
    if way == "other-protocol":
        say(json.dumps({"protocol": "assay-exec/9"}))
        return
    if way == "other-algorithm":
        say(json.dumps({"protocol": "assay-exec/1", "library": "odd", "algorithms": ["HS256", "HS1"]}))
        return
    if way.startswith("hello "):  # the rest replaces members of it
        say(json.dumps({"protocol": "assay-exec/1", "name": "odd", "library": "odd", "algorithms": ["HS256"]}
                       | json.loads(way[len("hello "):])))
        return
    if way == "long-hello":
        say(json.dumps({"protocol": "assay-exec/1", "library": "x" * 900000, "algorithms": ["HS256"]}))
        return
    if way == "problem":
        say(json.dumps({"protocol": "assay-exec/1", "problem": "its library is on holiday"}))
        return
    algorithms = ["HS256", "HS384"] if way == "choosy" else ["HS256"]
    say(json.dumps({"protocol": "assay-exec/1", "name": "odd", "library": "odd", "version": "7", "algorithms": algorithms,
                    "clock": "process" if way == "process-clock" else "argument", "gaps": []}))


def is_chosen(token):
    header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
    return header["alg"] == "HS256" and sum(token.encode()) % 2 == 0


def answer(request):
    number, token = request["id"], request.get("token", "")
    if way == "choosy":
        return {"id": number, "verdict": "accept"} if is_chosen(token) else {
            "id": number, "verdict": "reject", "reason": "unmapped", "words": "not today"}
    if token == "clock":
        return {"id": number, "verdict": "reject", "reason": "unmapped", "words": str(int(time.time()))}
    if token == "settings":
        words = ",".join(sorted(request.keys()))
        return {"id": number, "verdict": "reject", "reason": "unmapped", "words": words}
    if token == "good":
        return {"id": number, "verdict": "accept", "words": ""}
    return {"id": number, "verdict": "reject", "reason": "signature.invalid", "words": "no"}


def misbehave(request):
    number = request["id"]
    if way == "noisy":
        sys.stderr.write("noise\n" * 100000)
        say(json.dumps(answer(request)))
        return
    if way == "garbage":
        say("{not json")
    elif way == "array":
        say("[]")
    elif way == "another-token":
        say(json.dumps({"id": number + 1, "verdict": "accept"}))
    elif way == "twice":
        say(json.dumps({"id": number, "verdict": "accept"}))
        say(json.dumps({"id": number, "verdict": "accept"}))
        time.sleep(0.05)
    elif way == "unknown-verdict":
        say(json.dumps({"id": number, "verdict": "maybe"}))
    elif way == "unknown-reason":
        say(json.dumps({"id": number, "verdict": "reject", "reason": "signature.ugly"}))
    elif way == "no-reason":
        say(json.dumps({"id": number, "verdict": "reject"}))
    elif way == "long":
        say("x" * 3000000)
    elif way == "die":
        os._exit(5)
    elif way == "killed":
        os.kill(os.getpid(), 11)
    elif way == "hang":
        time.sleep(60)


hello()
if way == "early-answers":
    for number in range(1, 50):
        say(json.dumps({"id": number, "verdict": "accept"}))
for line in sys.stdin:
    asked = json.loads(line)
    if asked.get("token") == "odd":
        misbehave(asked)
    else:
        say(json.dumps(answer(asked)))
