#!/bin/sh
# A phantun server that starts with the host. Its host needs the set-up of ../host, and ../systemd/phantun-rules@.service to have the
# rules after a reboot; change the last line to your addresses.
#
#   install   ./server.sh
#   repeat    docker rm -f phantun-server && ./server.sh
#   remove    docker rm -f phantun-server
set -eu

docker run -d --name phantun-server --restart unless-stopped \
  --network host \
  --device /dev/net/tun \
  --cap-drop ALL --cap-add NET_ADMIN \
  --read-only --security-opt no-new-privileges \
  -e MODE=server \
  -e RUST_LOG=info \
  "${IMAGE:-ghcr.io/org/phantun-runtime}" \
  --tun phantun-server --local 4567 --remote 127.0.0.1:51820
