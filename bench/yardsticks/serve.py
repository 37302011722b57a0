"""Runs a Python yardstick as chatserver runs itself: uvicorn, uvloop, httptools, no deflate, no access log."""

import argparse

import uvicorn

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("app", help="module:attribute")
    parser.add_argument("port", type=int)
    options = parser.parse_args()
    uvicorn.run(
        options.app,
        port=options.port,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=2,
    )
