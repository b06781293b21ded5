import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, ready } from '../processes/ports.ts';
import type { StartVariant } from './variant.ts';

// Debian installs nginx where only root looks for programs.
const SEARCH = `${process.env.PATH ?? ''}:/usr/sbin:/usr/local/sbin`;

/** The version of the installed nginx, or undefined where there is none. */
export const nginxVersion = (): string | undefined => {
  try {
    const printed = execFileSync('sh', ['-c', 'nginx -v 2>&1'], { env: { PATH: SEARCH }, encoding: 'utf8' });
    return /nginx\/([\d.]+)/.exec(printed)?.[1];
  } catch {
    return undefined;
  }
};

const configuration = (port: number, upstreamPort: number): string => `
daemon off;
worker_processes 1;
worker_rlimit_nofile 8192;
error_log stderr error;
pid nginx.pid;
events { worker_connections 8000; }
http {
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  upstream provider { server 127.0.0.1:${upstreamPort}; keepalive 256; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    keepalive_requests 1000000000;
    client_max_body_size 32m;
    client_body_buffer_size 1m;
    location = /bench-ready { return 204; }
    location / {
      proxy_pass http://provider;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}
`;

/** Debian's nginx with one worker, keep-alive on both sides, answers unbuffered and requests gathered in memory (its default): what a mere proxy costs. */
export const startNginx: StartVariant = async ({ processes, upstreamPort }) => {
  const port = await freePort();
  const folder = join(processes.folder, `nginx-${port}`);
  mkdirSync(folder);
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, configuration(port, upstreamPort));
  const program = processes.start({
    name: `nginx-${port}`,
    command: 'nginx',
    arguments: ['-p', folder, '-c', file],
    environment: { PATH: SEARCH },
  });
  await ready(program, `http://127.0.0.1:${port}/bench-ready`, (status) => status === 204);
  return {
    name: 'nginx',
    about: `nginx ${nginxVersion()}, one worker, keep-alive, answers unbuffered, no access log`,
    port,
    headers: { 'x-api-key': 'sk-ant-api03-bench' },
    program,
  };
};
