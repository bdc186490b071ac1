#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a server on stdio does, it hurts only itself: a clear error, the right exit status, bounded memory."""
import json
import sys

from scenario import PATIENCE, QUICK, Stdio, bounded, contains, equal, fails, main, text_of

MORE_TIME = f"timeout: {20 * PATIENCE}\n    " + QUICK


def the_mock_itself_works():
    with Stdio("Legacy") as server:
        equal(text_of(server.call({"a": 1})), '{"a": 1}')
        equal([tool["name"] for tool in server.tools().json["tools"]], ["echo"])
        server.expect_gone()


def a_server_that_exits_at_once_is_quoted():
    with Stdio("ExitAtOnce") as server:
        fails(server.tools(), 4, "status 3", "missing DATABASE_URL")


def a_server_that_exits_at_the_probe_is_started_again_for_the_old_handshake():
    with Stdio("ExitAtProbe") as server:
        equal(text_of(server.call({"a": 1})), '{"a": 1}')
        equal(len([note for note in server.notes() if "start" in note]), 2)
        server.expect_gone()


def a_server_that_dies_in_a_call_leaves_the_outcome_unknown():
    with Stdio("ExitInCall", "retry_config: {max_retries: 3, backoff_factor: 1, max_backoff_ms: 10}") as server:
        contains(fails(server.call(), 4, "segmentation imminent", "139"), "may have run")
        equal(len(server.messages("tools/call")), 1)


def a_read_only_tool_is_called_again_on_a_new_server():
    with Stdio("ExitAfterReadOnlyCall", "retry_config: {max_retries: 3, backoff_factor: 1, max_backoff_ms: 10}") as server:
        server.tools()
        equal(text_of(server.call("a=1")), "second time")
        equal(len(server.messages("tools/call")), 2)


def hanging_in_the_handshake_ends_with_6():
    with Stdio("HangInHandshake", "timeout: 1\n    " + QUICK) as server:
        done = server.tools(limit=15)
        fails(done, 6)
        server.expect_gone()


def hanging_in_a_call_ends_with_6_and_is_cancelled():
    with Stdio("HangInCall") as server:
        done = server.call("{}", "--timeout", "3", limit=12)
        fails(done, 6)
        cancelled = server.messages("notifications/cancelled")
        equal([message["params"]["requestId"] for message in cancelled], [server.messages("tools/call")[0]["id"]])
        server.expect_gone()


def stray_lines_are_stepped_over_and_shown_when_asked():
    with Stdio("Chatty") as server:
        done = server.call({"a": 1})
        equal((text_of(done), done.err), ('{"a": 1}', ""))
        contains(server.call({"a": 1}, "--verbose").err, "Starting up")
        assert "\x1b" not in server.call({"a": 1}, "--verbose").err


def a_byte_order_mark_and_crlf_and_single_bytes_are_understood():
    with Stdio("Windows") as server:
        equal(text_of(server.call({"a": 1})), '{"a": 1}')


def a_program_that_is_no_server_is_given_up():
    with Stdio("OnlyGarbage", MORE_TIME) as server:
        done = server.tools(limit=15)
        contains(fails(done, 1), "this is no server")
        server.expect_gone()


def a_gigabyte_without_a_line_end_is_refused():
    for misdeed in ("Gigabyte", "GigabyteInResult"):
        with Stdio(misdeed, MORE_TIME) as server:
            done = server.call()
            fails(done, 1, "security.max_response_size")
            bounded(done, 60)
            server.expect_gone()


def nesting_200_000_deep_is_refused():
    with Stdio("Nested") as server:
        done = server.call()
        fails(done, 1, "nesting")
        bounded(done, 60)
    with Stdio("NestedOpen") as server:
        equal(text_of(server.call()), "survived")
    with Stdio("NestedInSchema") as server:
        fails(server.tools(), 1, "nesting")


def an_answer_that_cannot_be_read_fails_its_call_with_the_reason():
    table = {"InvalidUtf8": "UTF-8", "InvalidUtf8Only": "UTF-8", "Nested": "nesting", "DuplicateKeys": "twice",
             "ResultAndError": "both", "NotAResult": "result"}
    for misdeed, reason in table.items():
        with Stdio(misdeed) as server:
            done = server.call()
            fails(done, 1, reason)
            assert "evil" not in done.out and done.seconds < 5 * PATIENCE, done.out
    lines = ['{"result":{"content":[],"x":NaN},"jsonrpc":"2.0","id":ID}', '{"result":{"a":1,},"id":ID,"jsonrpc":"2.0"}',
             '{"jsonrpc": "2.0", "id": ID, "error": {"code": 01, "message": "x"}}']
    with Stdio("Raw") as server:
        for line in lines:
            done = server.call({"lines": [line]})
            fails(done, 1, "cannot be used")


def odd_messages_are_skipped_or_fail_the_call():
    answer = '"result":{"content":[{"type":"text","text":"EVIL"}]}'
    lines = [
        '{"id":ID,ANSWER}', '{"jsonrpc":"1.0","id":ID,ANSWER}', '{"jsonrpc":2.0,"id":ID,ANSWER}', '{"JSONRPC":"2.0","ID":ID,ANSWER}',
        '{"jsonrpc":"2.0","id":ID.0,ANSWER}', '{"jsonrpc":"2.0","id":ID.5,ANSWER}', '{"jsonrpc":"2.0","id":[ID],ANSWER}',
        '{"jsonrpc":"2.0","id":{"n":ID},ANSWER}', '{"jsonrpc":"2.0","id":true,ANSWER}', '{"jsonrpc":"2.0","id":1e99,ANSWER}',
        '{"jsonrpc":"2.0","id":18446744073709551616,ANSWER}', '{"jsonrpc":"2.0","id":-ID,ANSWER}', '{"jsonrpc":"2.0","id":0,ANSWER}',
        '{"jsonrpc":"2.0","id":"ID",ANSWER}', '{"jsonrpc":"2.0","id":ID,"method":"ping",ANSWER}', '{"jsonrpc":"2.0","id":ID,"id":ID,ANSWER}',
        '{"jsonrpc":"2.0","id":ID,"Result":1,"error":{"code":1,"message":"EVIL"},ANSWER}', '{"jsonrpc":"2.0","id":ID,ANSWER,}',
        "{'jsonrpc':'2.0','id':ID,ANSWER}", '{"jsonrpc":"2.0","id":0ID,ANSWER}', '{"jsonrpc":"2.0","id":ID,ANSWER}{}',
        '{"jsonrpc":"2.0","id":ID,ANSWER} trailing', '/* */{"jsonrpc":"2.0","id":ID,ANSWER}', '{"jsonrpc":"2.0","id\\u0000":ID,ANSWER}',
        '{"jsonrpc":"2.0","id":ID,"x":"\\ud800",ANSWER}',
        '{"jsonrpc":"2.0","id":ID,"x":NaN,ANSWER}', '{"jsonrpc":"2.0","id":ID,"x":"\u0001",ANSWER}',
        '{"jsonrpc":"2.0","method":5,"id":ID,ANSWER}', '{"jsonrpc":"2.0","method":"","params":[[[]]]}',
        '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":ID,"progress":"1"}}',
        '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":[],"progress":1e999}}',
        '{"jsonrpc":"2.0","method":"notifications/message","params":[1]}', '{"jsonrpc":"2.0","method":"notifications/message"}',
        '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":ID}}',
        '{"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":5}',
        '{"jsonrpc":"2.0","id":ID,"error":"text"}', '{"jsonrpc":"2.0","id":ID,"error":null}', '{"jsonrpc":"2.0","id":ID,"error":{}}',
        '{"jsonrpc":"2.0","id":ID,"error":{"code":"x","message":5}}', '{"jsonrpc":"2.0","id":ID,"error":{"code":1e400,"message":""}}',
        '{"jsonrpc":"2.0","id":ID,"error":{"code":-99999999999999999999,"message":"%s%n\\u001b[2J","data":[]}}',
        '{"jsonrpc":"2.0","id":ID,"error":{"code":1,"message":"' + "m" * 3000000 + '"}}',
        '{"jsonrpc":"2.0","id":ID,"result":null}', '{"jsonrpc":"2.0","id":ID,"result":5}', '{"jsonrpc":"2.0","id":ID,"result":{}}',
        '{"jsonrpc":"2.0","id":ID,"result":{"content":"text"}}', '{"jsonrpc":"2.0","id":ID,"result":{"content":[null,5,{}]}}',
        '{"jsonrpc":"2.0","id":ID,"result":{"content":[{"type":"text","text":5},{"type":5},{"type":"image","data":"***"}]}}',
        '{"jsonrpc":"2.0","id":ID,"result":{"content":[],"isError":"yes","structuredContent":[1]}}',
    ]
    wrong = []
    with Stdio("Raw") as server:
        for line in lines:
            path = server.home.path / "arguments.json"
            path.write_text(json.dumps({"lines": [line.replace("ANSWER", answer)]}), encoding="utf-8")
            done = server.call("@" + str(path), "--timeout", "3")
            if done.status not in (0, 1) or "EVIL" in done.out or len(done.out) > 20000 or "\x1b" in done.out + done.err:
                wrong.append((line[:100], done.status, done.out[:300]))
    equal(wrong, [])


def an_end_of_the_output_is_an_end():
    with Stdio("ClosesOutput") as server:
        fails(server.call(limit=12), 4)
        server.expect_gone()
    with Stdio("NoLineEnd") as server:
        done = server.call()
        assert done.status in (0, 4), done.out


def questions_that_nobody_wants_answered_are_bounded():
    with Stdio("AsksAndNeverReads") as server:
        done = server.call("{}", "--timeout", "5", limit=20)
        assert done.status in (1, 4, 6), done.out
        bounded(done, 60)
        server.expect_gone()


def only_the_first_answer_counts():
    with Stdio("DuplicateIds") as server:
        equal(text_of(server.call()), "first")


def an_id_of_another_type_is_no_answer():
    with Stdio("WrongIdType") as server:
        equal(text_of(server.call()), "right type")


def an_error_with_a_null_id_and_a_batch_are_stepped_over():
    with Stdio("NullIdError") as server:
        equal(text_of(server.call()), "after the null id")
    with Stdio("Batch") as server:
        assert text_of(server.call()) in ("alone", "in a batch")


def an_answer_after_the_cancellation_changes_nothing():
    with Stdio("AnswerAfterCancel") as server:
        fails(server.call("{}", "--timeout", "3"), 6)
        equal(len(server.messages("notifications/cancelled")), 1)


def ping_is_answered_at_any_time_and_other_requests_refused():
    with Stdio("PingsUs") as server:
        answers = {str(answer["id"]): answer for answer in json.loads(text_of(server.call()))}
        call = server.messages("tools/call")[0]["id"]
        equal(answers.pop(str(call)), {"jsonrpc": "2.0", "id": call, "result": {}})
        equal(set(answers), {"s", "r", "e"})
        for answer in answers.values():
            equal(answer["error"]["code"], -32601)
        early = [message for message in server.messages() if message.get("id") == "before"]
        equal([message.get("result") for message in early], [{}])
        handshake = server.messages("initialize")[0]["id"]
        equal([message["result"] for message in server.messages() if message.get("id") == handshake and "result" in message],
              [{}])


def a_flood_on_stderr_does_not_stop_the_call():
    for misdeed in ("StderrFlood", "StderrOneLine"):
        with Stdio(misdeed, MORE_TIME) as server:
            done = server.call()
            equal(text_of(done), "done flooding")
            bounded(done, 60)
    with Stdio("StderrFlood", MORE_TIME) as server:
        done = server.call("{}", "--verbose")
        equal(text_of(done), "done flooding")
        assert "\x1b" not in done.err and "\x07" not in done.err, "control characters reached the terminal"


def a_server_that_does_not_read_ends_with_6():
    with Stdio("NeverReads") as server:
        assert server.tools().status == 0
        fails(server.call("@" + argument_file(server, 1000000), "--timeout", "2", limit=15), 6)
        server.expect_gone()


def argument_file(server, size):
    path = server.home.path / "arguments.json"
    path.write_text(json.dumps({"text": "w" * size}), encoding="utf-8")
    return str(path)


def writing_and_reading_much_at_once_does_not_lock():
    with Stdio("FillsBothWays") as server:
        equal(text_of(server.call("@" + argument_file(server, 3000000))), "3000000")


def progress_puts_the_deadline_off_but_not_for_ever():
    with Stdio("Progress") as server:
        equal(text_of(server.call({"steps": 8}, "--timeout", "3")), "arrived")
    with Stdio("Progress") as server:
        done = server.call({"steps": 70}, "--timeout", "1", limit=35)
        fails(done, 6)
        assert done.seconds < 30 * PATIENCE, done.seconds


def a_storm_of_list_changed_does_not_ask_for_each():
    with Stdio("Storm") as server:
        done = server.call()
        equal(text_of(done), "calm again")
        assert len(server.messages("tools/list")) < 10, len(server.messages("tools/list"))
        bounded(done, 60)


def a_storm_of_progress_and_logs_is_bounded():
    with Stdio("ProgressStorm", MORE_TIME) as server:
        done = server.call()
        equal(text_of(done), "calm again")
        bounded(done, 80)
        assert len(done.out) < 2000000, len(done.out)


def pages_are_walked_and_counted():
    with Stdio("Pages") as server:
        equal([tool["name"] for tool in server.tools().json["tools"]], ["tool0", "tool1", "tool2"])
    with Stdio("PagesEmptyCursor") as server:
        equal([tool["name"] for tool in server.tools().json["tools"]], ["tool0", "tool1"])
    for misdeed, most in (("Pages65", 64), ("PagesLoop", 64)):
        with Stdio(misdeed) as server:
            done = server.tools("--verbose", limit=20)
            equal(done.status, 0)
            assert len(server.messages("tools/list")) <= most
            assert len(done.json["tools"]) <= most
            assert "left out" in done.err or "already read" in done.err, done.err


def odd_tools_do_not_hide_the_others():
    with Stdio("OddNames") as server:
        done = server.tools()
        equal(done.status, 0)
        contains([tool["name"] for tool in done.json["tools"]], "safe")
        assert "\x1b" not in done.out, "JSON escapes control characters"
        assert all(len(tool["name"]) <= 1024 for tool in done.json["tools"])


def thirty_thousand_tools_are_bounded():
    with Stdio("ManyTools", MORE_TIME) as server:
        done = server.tools("--verbose")
        equal((done.status, len(done.json["tools"])), (0, 20000))
        contains(done.err, "left out")
        bounded(done, 100)


def versions_are_negotiated():
    with Stdio("Version20241105") as server:
        equal(text_of(server.call({"a": 1})), '{"a": 1}')
    with Stdio("VersionUnknown") as server:
        fails(server.tools(), 1, "1999-01-01")
        server.expect_gone()
    with Stdio("Legacy", 'protocol: "2025-03-26"') as server:
        equal(text_of(server.call()), "{}")
        equal(server.messages("initialize")[0]["params"]["protocolVersion"], "2025-03-26")
        equal(server.messages("server/discover"), [])


def modern_servers_are_spoken_to_without_a_handshake():
    for misdeed in ("Modern", "ModernAfterRefusal"):
        with Stdio(misdeed) as server:
            equal(text_of(server.call({"a": 1})), '{"a": 1}')
            equal(server.messages("initialize"), [])
            for message in server.messages():
                equal(message["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"], "2026-07-28")
                assert isinstance(message["params"]["_meta"]["io.modelcontextprotocol/clientCapabilities"], dict)
    with Stdio("ModernFuture") as server:
        fails(server.tools(), 1, "2031-01-01")
    with Stdio("Modern", "protocol: legacy\n    " + QUICK) as server:
        fails(server.tools(), 1, "2026-07-28")


def a_late_answer_to_the_probe_is_ignored():
    with Stdio("LateDiscover", "timeout: 4\n    " + QUICK) as server:
        equal(text_of(server.call({"a": 1})), '{"a": 1}')


def input_required_says_that_it_is_not_supported():
    with Stdio("InputRequired") as server:
        error = fails(server.call(), 1)
        assert "support" in error or "ask" in error, error
        equal(len(server.messages("tools/call")), 1)


def a_tool_that_says_no_ends_with_1():
    with Stdio("IsError") as server:
        done = server.call()
        fails(done, 1, "the printer is on fire")
        equal(done.json["data"]["isError"], True)


def numbers_stay_as_they_were_written():
    with Stdio("Exact") as server:
        out = server.call().out
        for part in ('"big":100000000000000000000', '"max":18446744073709551615', '"cents":0.10', '"exp":1E+2',
                     '"huge":1e400', '"z":-0', '"odd":9007199254740993', '"nul":"a\\u0000b"', '"twice":1', '"twice":2'):
            contains(out.replace(": ", ":"), part)
    sent = '{"big":100000000000000000000,"cents":0.10,"exp":1E+2,"huge":1e400,"z":-0,"odd":-9223372036854775809}'
    with Stdio("EchoRaw") as server:
        line = text_of(server.call(sent)).replace(" ", "")
        for part in sent.strip("{}").split(","):
            contains(line, part)


def a_large_result_is_there_to_the_last_byte():
    unit = "ü line of the large result \\ \" \t 0123456789\n"
    with Stdio("Big", MORE_TIME) as server:
        equal(text_of(server.call({"megabytes": 9})) == unit * (9000000 // len(unit.encode())), True)


def a_result_over_the_cap_is_refused_with_the_way_to_raise_it():
    with Stdio("Big", MORE_TIME) as server:
        fails(server.call({"megabytes": 12}), 1, "security.max_response_size")
    with Stdio("Big", MORE_TIME, "security: {max_response_size: 40000000}") as server:
        equal(len(text_of(server.call({"megabytes": 12})).encode()) > 11900000, True)
    with Stdio("Big", MORE_TIME, "security: {max_response_size: 100000}") as server:
        fails(server.call({"megabytes": 0.2}), 1, "security.max_response_size")


if __name__ == "__main__":
    sys.exit(main([value for name, value in list(globals().items())
                   if callable(value) and getattr(value, "__module__", "") == "__main__" and value.__code__.co_argcount == 0]))
