#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""People read German where their locale is German; programs read the same JSON everywhere."""
import json
import os
import pty
import shutil
import subprocess
import sys
import tempfile

from harness import VIA, Home, contains, equal, main

TRANSLATIONS = os.environ["VIADUCT_LOCALEDIR"]
GERMAN = {}  # the environment of a German session, made by main


def make_german(place):
    """glibc translates nothing in the C locales, and the machine need not have a German one: it is made here."""
    made = subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", f"{place}/de_DE.UTF-8"], capture_output=True, text=True)
    if not os.path.exists(f"{place}/de_DE.UTF-8/LC_MESSAGES"):
        return made.stderr.strip() or "localedef made nothing"
    GERMAN.update({"LOCPATH": place, "LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de",
                   "VIADUCT_LOCALEDIR": TRANSLATIONS})
    return None


def run_on_a_terminal(home, *arguments):
    leader, follower = pty.openpty()
    with subprocess.Popen([VIA, *arguments], stdin=subprocess.DEVNULL, stdout=follower, stderr=follower, cwd=home.path,
                          env={**home.environment, **GERMAN}) as child:
        os.close(follower)
        written = b""
        try:
            while part := os.read(leader, 4096):
                written += part
        except OSError:
            pass  # how Linux says that the other end is closed
        child.wait(30)
    os.close(leader)
    return written.decode().replace("\r\n", "\n")


def help_and_usage_errors_are_german():
    with Home() as home:
        contains(home.via("--help", env=GERMAN).out, "Die eingerichteten Bridges anzeigen")
        contains(home.via("dance", env=GERMAN).err, "via: Es gibt kein Verb „dance“.")


def errors_are_german_and_their_frame_is_not():
    with Home("bridges:\n  lost:\n    command: [no-such-program-anywhere]\n") as home:
        for arguments, status, words in (
                (["tools", "losst"], 3, "Es gibt keine Bridge „losst“ in der Konfiguration. Bekannte Bridges: lost"),
                (["tools", "lost"], 4, "„no-such-program-anywhere“ wurde nicht gefunden. Gesucht wurde in"),
                (["execute", "lost", "echo", "{\"a\": tru}"], 2,
                 "Zeile 1, Spalte 7: ein Wert wird erwartet: true, false oder null in Kleinbuchstaben"),
                (["secret", "status", "A TOKEN"], 1, "Das ist nicht der Name eines Tokens.")):
            german, english = home.via(*arguments, env=GERMAN, stdin=""), home.via(*arguments, stdin="")
            contains(german.json["error"], words)
            equal((german.status, english.status, sorted(german.json)), (status, status, sorted(english.json)))
            assert german.json["error"] != english.json["error"]


def every_problem_of_a_configuration_is_german():
    with Home("bridges:\n  a:\n    command: [x]\n    timeout: soon\n  b: []\n") as home:
        words = home.via("list-bridges", env=GERMAN).json["error"]
        contains(words, "Erwartet wird eine ganze Zahl von 1 bis 3600 (Sekunden); hier steht „soon“.")
        contains(words, "Muss eine Zuordnung sein")


def json_is_the_same_in_every_language():
    with Home() as home:
        for arguments in (["list-tools", "demo"], ["execute", "demo", "echo", "{\"message\": \"1,5\"}"]):
            german, english = home.via(*arguments, env=GERMAN), home.via(*arguments)
            equal((german.status, english.status), (0, 0))
            volatile = ("timestamp", "operation_id", "execution_time")
            equal(*({key: value for key, value in done.json.items() if key not in volatile}
                    if isinstance(done.json, dict) else done.json for done in (german, english)))
        # A number with a comma would be no JSON; a duration has a fraction.
        equal(type(german.json["execution_time"]), float)
        assert "," not in json.dumps(german.json["execution_time"])


def figures_and_plurals_are_german_on_a_terminal():
    with Home() as home:
        words = run_on_a_terminal(home, "test-connection", "demo")
        contains(words, "demo ist verbunden: ")
        contains(words, " Werkzeuge")
        contains(run_on_a_terminal(home, "secret", "status", "NO_SUCH_TOKEN"), "NO_SUCH_TOKEN: nicht gesetzt (nirgends)")


def other_languages_stay_english():
    with Home() as home:
        words = "There is no verb “dance”."
        contains(home.via("dance", env={"VIADUCT_LOCALEDIR": TRANSLATIONS}).err, words)
        contains(home.via("dance", env={**GERMAN, "VIADUCT_LOCALEDIR": str(home.path)}).err, words)


if __name__ == "__main__":
    if shutil.which("localedef") is None:
        print("1..0 # SKIP localedef, which makes a German locale, is not installed.")
        sys.exit(0)
    with tempfile.TemporaryDirectory(prefix="via-locale-") as place:
        problem = make_german(place)
        if problem is not None:
            print(f"1..0 # SKIP No German locale can be made here: {problem.splitlines()[-1]}")
            sys.exit(0)
        sys.exit(main([help_and_usage_errors_are_german, errors_are_german_and_their_frame_is_not,
                       every_problem_of_a_configuration_is_german, json_is_the_same_in_every_language,
                       figures_and_plurals_are_german_on_a_terminal, other_languages_stay_english]))
