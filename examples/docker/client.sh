#!/bin/sh
# A phantun client that starts with the host. Its host needs the set-up of ../host, and ../systemd/phantun-rules@.service to have the
# rules after a reboot; change the last line to your addresses.
#
#   install   ./client.sh
#   repeat    docker rm -f phantun-client && ./client.sh
#   remove    docker rm -f phantun-client
set -eu

docker run -d --name phantun-client --restart unless-stopped \
  --network host \
  --device /dev/net/tun \
  --cap-drop ALL --cap-add NET_ADMIN \
  --read-only --security-opt no-new-privileges \
  -e MODE=client \
  -e RUST_LOG=info \
  "${IMAGE:-ghcr.io/org/phantun-runtime}" \
  --tun phantun-client --local 127.0.0.1:51820 --remote server.example.org:4567
