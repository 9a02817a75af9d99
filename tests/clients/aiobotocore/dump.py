"""The same as with boto3, in aiobotocore's coroutines."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from aiobotocore.session import get_session
from botocore import xform_name


async def main(folder: Path) -> None:
    async with get_session().create_client("sagemaker") as client:
        for line in sys.stdin:
            request = json.loads(line)
            name = xform_name(request["operation"])
            if client.can_paginate(name):
                pages = [page async for page in client.get_paginator(name).paginate(**request["input"])]
            else:
                pages = [await getattr(client, name)(**request["input"])]
            with (folder / f"{request['operation']}.jsonl").open("a", encoding="utf-8") as dump:
                dump.writelines(json.dumps(page, default=str) + "\n" for page in pages)


asyncio.run(main(Path(sys.argv[1])))
