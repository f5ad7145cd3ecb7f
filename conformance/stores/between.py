"""What stands between the program and a server: one that cuts connections, and one that adds what an emulator leaves out."""

import contextlib
import hashlib
import http.client
import http.server
import socket
import threading


class Between:
    """Passes bytes on. A connection that has carried `most` bytes to the server is cut, as often as `cuts` says, or held for ever if `holds`."""

    def __init__(self, port, most):
        self.port, self.most, self.cuts, self.holds = port, most, 0, False
        self.held = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection(("127.0.0.1", self.port))
            threading.Thread(target=self.carry, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self.carry, args=(server, client, False), daemon=True).start()

    def carry(self, source, target, to_server):
        carried = 0
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                carried += len(data)
                if to_server and carried > self.most and self.cuts > 0:
                    self.cuts -= 1
                    break
                if to_server and carried > self.most and self.holds:
                    self.held.set()
                    threading.Event().wait()
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def completing(port):
    """A server in front of an emulator that adds `ETag` and `Last-Modified`, which the stores' own servers always send, and puts the query of a
    form into its body, where moto looks for it."""

    class Front(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            path, headers = self.path, dict(self.headers)
            if "?Action=" in path:
                body = path.partition("?")[2].encode()
                path, headers = "/", {"content-type": "application/x-www-form-urlencoded"}
            server = http.client.HTTPConnection("127.0.0.1", port)
            server.request(self.command, path, body, headers)
            response = server.getresponse()
            content = response.read()
            self.send_response(response.status)
            passed = {name.lower(): value for name, value in response.getheaders()}
            for name in ("connection", "transfer-encoding", "server", "date"):
                passed.pop(name, None)
            passed["content-length"] = str(len(content))
            passed.setdefault("etag", f'"{hashlib.md5(body or content).hexdigest()}"')
            passed.setdefault("last-modified", self.date_time_string())
            for name, value in passed.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = pass_on  # noqa: N815

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Front)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"
