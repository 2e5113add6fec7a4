// nginx as it stands before the program (packaging/nginx), on the program's core: one worker, a Unix socket behind it. Without TLS, and without
// the limits for each visitor, because here everything comes from one.

import { mkdirSync, writeFileSync } from "node:fs";
import net from "node:net";
import { freePort, sleep } from "./stage.mjs";

const server = (port, name) => `
	server {
		listen 127.0.0.1:${port};
		location / { proxy_pass http://${name}; }
	}`;

export async function startNginx(stage, socket, rawSocket) {
  const [port, rawPort] = [await freePort(), await freePort()];
  mkdirSync(stage.path("nginx"));
  writeFileSync(stage.path("nginx/nginx.conf"), `
${process.getuid() === 0 ? "user root;" : ""}
worker_processes 1;
daemon off;
pid nginx.pid;
error_log error.log warn;
events { worker_connections 1024; }
http {
	client_body_temp_path temp_body; proxy_temp_path temp_proxy; fastcgi_temp_path temp_f; uwsgi_temp_path temp_u; scgi_temp_path temp_s;
	access_log access.log;
	keepalive_requests 1000000;
	gzip on; gzip_comp_level 4; gzip_min_length 1000; gzip_proxied any; gzip_vary on;
	proxy_http_version 1.1;
	proxy_set_header Connection "";
	proxy_set_header Host localhost;
	proxy_set_header X-Real-IP $remote_addr;
	proxy_set_header X-Forwarded-For $remote_addr;
	proxy_set_header X-Forwarded-Proto https;
	proxy_buffers 32 16k; proxy_buffer_size 16k; proxy_busy_buffers_size 32k; proxy_max_temp_file_size 0;
	upstream program { server unix:${socket}; keepalive 64; keepalive_requests 1000000; }
	upstream raw { server unix:${rawSocket}; keepalive 64; keepalive_requests 1000000; }
${server(port, "program")}
${server(rawPort, "raw")}
}
`);
  const nginx = await stage.start(stage.serving, "nginx", ["-p", stage.path("nginx"), "-c", stage.path("nginx/nginx.conf")],
    { ready: /^/, env: { PATH: `${process.env.PATH}:/usr/sbin` }, log: stage.path("nginx/words") });
  for (let i = 0; i < 500; i++) {
    const there = await new Promise((done) => {
      const socket_ = net.connect(rawPort, "127.0.0.1", () => { socket_.destroy(); done(true); }).on("error", () => done(false));
    });
    if (there) return { ...nginx, address: `127.0.0.1:${port}`, rawAddress: `127.0.0.1:${rawPort}` };
    await sleep(10);
  }
  throw new Error("nginx does not start");
}
