#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verbs and their shapes, on the demo bridge and on a REST bridge."""
import re
import sys

from harness import Home, answer_json, contains, equal, main, rest_server

TIMESTAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
TWO_BRIDGES = """
bridges:
  one:
    endpoint: "https://one.example.com/mcp"
    auth_type: bearer
    auth_token_env: ONE_TOKEN
    description: "First"
  two:
    command: ["two-server", "--stdio"]
    enabled: false
"""


def check_common(answer):
    equal(answer["success"], True)
    assert TIMESTAMP.match(answer["timestamp"]), answer["timestamp"]


def list_bridges_has_the_shape_of_the_contract():
    with Home(TWO_BRIDGES) as home:
        answer = home.via("list-bridges").json
        check_common(answer)
        one, two = answer["bridges"]
        equal({key: one[key] for key in ("name", "endpoint", "auth_type", "enabled", "description")},
              {"name": "one", "endpoint": "https://one.example.com/mcp", "auth_type": "bearer", "enabled": True,
               "description": "First"})
        equal((two["name"], two["enabled"], two["command"]), ("two", False, ["two-server", "--stdio"]))
        equal(home.via("bridges").json["bridges"], answer["bridges"])


def without_a_file_there_is_the_demo_bridge():
    with Home() as home:
        equal([bridge["name"] for bridge in home.via("list-bridges").json["bridges"]], ["demo"])


def list_tools_has_the_shape_of_the_contract():
    with Home() as home:
        answer = home.via("list-tools", "demo").json
        check_common(answer)
        equal((answer["bridge"], answer["category_filter"]), ("demo", None))
        echo = next(tool for tool in answer["tools"] if tool["name"] == "echo")
        contains(echo["parameters"], "message")
        equal(echo["required"], ["message"])
        equal(echo["input_schema"]["properties"], echo["parameters"])
        assert len(answer["tools"]) >= 20, len(answer["tools"])
        equal(len({tool["category"] for tool in answer["tools"]}), 4)


def list_tools_filters_by_category_without_regard_to_case():
    with Home() as home:
        every = home.via("list-tools", "demo").json["tools"]
        category = every[0]["category"]
        answer = home.via("list-tools", "demo", "--category", category.upper()).json
        equal(answer["category_filter"], category.upper())
        equal([tool["name"] for tool in answer["tools"]],
              [tool["name"] for tool in every if tool["category"] == category])


def execute_has_the_shape_of_the_contract():
    with Home() as home:
        done = home.via("execute", "demo", "echo", '{"message": "hello"}')
        answer = done.json
        equal(done.status, 0)
        check_common(answer)
        equal((answer["bridge"], answer["tool"], answer["attempt"]), ("demo", "echo", 1))
        contains(answer["data"]["content"][0]["text"], "hello")
        assert re.search(r'"execution_time": ?\d+\.\d{3}\b', done.out), done.out


def parameters_come_as_words_files_and_standard_input():
    with Home() as home:
        (home.path / "parameters.json").write_text('{"message": "from a file"}')
        for arguments, stdin, expected in (
                (["message=plain words"], None, "plain words"),
                (["message=12"], None, "12"),
                (["@parameters.json"], None, "from a file"),
                (["-"], '{"message": "from standard input"}', "from standard input")):
            done = home.via("call", "demo", "echo", *arguments, stdin=stdin)
            equal(done.status, 0)
            contains(done.json["data"]["content"][0]["text"], expected)


def options_stand_before_or_after_the_verb():
    with Home(TWO_BRIDGES) as home:
        other = home.path / "other.yaml"
        other.write_text("bridges: {}\n")
        for arguments in (["--config", str(other), "list-bridges"], ["list-bridges", "--config", str(other)]):
            equal([bridge["name"] for bridge in home.via(*arguments).json["bridges"]], ["demo"])
        equal(home.via("--timeout", "5", "execute", "--json", "two", "x").status, 3)


def test_connection_has_the_shape_of_the_contract():
    with Home() as home:
        answer = home.via("test-connection", "demo").json
        check_common(answer)
        equal(answer["bridge"], "demo")
        assert isinstance(answer["connection_time"], float) and answer["connection_time"] > 0
        equal(answer["tools_available"], len(home.via("tools", "demo").json["tools"]))
        contains(answer["endpoint"], "viaduct-demo-server")


def answer_rest(handler, body):
    if handler.path == "/api/tools":
        return answer_json({"tools": [
            {"name": "find", "description": "Finds", "parameters": {"id": {"type": "integer"}}, "required": ["id"],
             "category": "Orders"}, {"name": "bare"}]})
    return 200, {"Content-Type": "application/json"}, b'{"got": ' + body + b', "big": 123456789012345678901234567890}'


def a_rest_bridge_lists_and_executes():
    with rest_server(answer_rest) as server, Home(f"""
bridges:
  orders:
    endpoint: "{server.url}/api"
    transport: rest
    auth_type: api_key
    auth_token_env: ORDERS_KEY
    headers: {{X-Team: blue}}
""") as home:
        environment = {"ORDERS_KEY": "k-4711-secret"}
        tools = home.via("tools", "orders", env=environment).json["tools"]
        equal([(tool["name"], tool["category"]) for tool in tools], [("find", "Orders"), ("bare", "General")])
        equal(tools[0]["required"], ["id"])
        done = home.via("execute", "orders", "find", '{"id": 98765432109876543210}', env=environment)
        equal(done.status, 0)
        contains(done.out, '98765432109876543210')
        contains(done.out, '123456789012345678901234567890')
        method, path, headers, body = server.requests[-1]
        equal((method, path, body), ("POST", "/api/execute", b'{"tool":"find","parameters":{"id":98765432109876543210}}'))
        equal((headers["X-API-Key"], headers["X-Team"]), ("k-4711-secret", "blue"))
        assert "k-4711-secret" not in done.out + done.err


def integers_beyond_64_bits_stay_exact_over_mcp():
    with Home() as home:
        number = "1234567890123456789012345678901234567890"
        done = home.via("execute", "demo", "echo-json", '{"value": {"n": %s, "f": 0.10}}' % number)
        equal(done.status, 0)
        contains(done.out, number)
        contains(done.out, "0.10")


if __name__ == "__main__":
    sys.exit(main([list_bridges_has_the_shape_of_the_contract, without_a_file_there_is_the_demo_bridge,
                   list_tools_has_the_shape_of_the_contract, list_tools_filters_by_category_without_regard_to_case,
                   execute_has_the_shape_of_the_contract, parameters_come_as_words_files_and_standard_input,
                   options_stand_before_or_after_the_verb, test_connection_has_the_shape_of_the_contract,
                   a_rest_bridge_lists_and_executes, integers_beyond_64_bits_stay_exact_over_mcp]))
