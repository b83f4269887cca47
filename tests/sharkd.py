# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads many captures in one process of sharkd: two passes each, as in Wireshark's window, without the start of a program for each."""
import json

import tshark as runner

OF_ALL = 1000000  # the number of requests that are not about one capture
NO_ANSWER = "no answer: sharkd ended"


def read(tshark, captures, fields, preferences=(), display_filter=None, timeout=runner.TIMEOUT):
    """Capture -> its frames (field -> text, several values with commas), or the text of what went wrong with that capture.

    sharkd remembers the frames of a filter beyond the file that it was for, so each request gets a filter of its own.
    """
    captures = list(captures)
    requests = [request("setconf", name=name, value=value) for name, value in preferences]
    columns = {f"column{place}": f"{field}:0" for place, field in enumerate(fields)}
    for turn, capture in enumerate(captures):
        chosen = {"filter": f"({display_filter}) && frame.number != {10 ** 9 + turn}"} if display_filter else {}
        requests.append(request("load", turn + 1, file=str(tshark.readable(capture))))
        requests.append(request("frames", turn + 1, **columns, **chosen))
    process = tshark.call("-", program="sharkd", stdin=None, input="\n".join(requests) + "\n", timeout=timeout)
    found = dict.fromkeys(captures, NO_ANSWER)
    for answer in map(json.loads, process.stdout.splitlines()):
        if answer["id"] == OF_ALL:
            assert "error" not in answer, answer
            continue
        capture = captures[answer["id"] - 1]
        if "error" in answer and found[capture] is NO_ANSWER:
            found[capture] = f"error: {answer['error']['message']}"
        elif isinstance(answer.get("result"), list):
            found[capture] = [dict(zip(fields, frame["c"])) for frame in answer["result"]]
    return found


def request(method, number=OF_ALL, **parameters):
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": parameters})
