"""The process that examines one file and ends. It reads a line of JSON and the file, and answers with one of JSON."""

import json
import logging
import resource
import sys
from datetime import datetime
from pathlib import Path

from acogida.kernel.signatures import ExpectedSigner, ToExamine, to_json


def main() -> None:
    """This function will answer the one question on the input."""
    answers = sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever a library prints goes where logs go, never into the answer
    logging.disable()  # what does not hold is the answer, not an error of ours
    asked = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read(asked["size"])
    memory, seconds = int(asked["memory_mib"]) * 1024 * 1024, int(asked["seconds"]) + 1
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))

    from acogida.adapters.signatures.examination import examine, read_anchors  # under the limits

    found = examine(
        ToExamine(
            content=content,
            expected=[ExpectedSigner(*one) for one in asked["expected"]],
            now=datetime.fromisoformat(asked["now"]),
            ordered=asked["ordered"],
        ),
        read_anchors(Path(asked["anchors"]) if asked["anchors"] else None),
    )
    answers.write(json.dumps(to_json(found)).encode())
    answers.flush()


if __name__ == "__main__":
    main()
