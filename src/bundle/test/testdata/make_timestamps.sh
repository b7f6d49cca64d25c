#!/bin/sh
# Makes the time stamps of the corpus anew: two authorities (RSA, ECDSA) with a root each, and their stamps over CHECKPOINT,
# the text of the checkpoint of the sample log of 16 entries (sample_log.hpp). Certificates are valid for 100 years.
set -eu
text=${1:?usage: make_timestamps.sh CHECKPOINT}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/config" <<'END'
[req]
distinguished_name = name
prompt = no
[name]
CN = placeholder
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[stamper]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[server]
basicConstraints = critical,CA:FALSE
extendedKeyUsage = serverAuth
[tsa]
default_tsa = tsa_config
[tsa_config]
serial = ./serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_chain = no
ess_cert_id_alg = sha256
END
openssl ts -query -data "$text" -sha256 -cert -no_nonce -out "$work/query" 2>/dev/null
for kind in rsa ecdsa; do
  algorithm="rsa:2048"
  [ $kind = ecdsa ] && algorithm="ec -pkeyopt ec_paramgen_curve:P-256"
  # shellcheck disable=SC2086
  openssl req -x509 -config "$work/config" -extensions root -newkey $algorithm -nodes -keyout "$work/root.key" -days 36500 \
    -subj "/CN=Example root $kind" -out "$work/root.pem" 2>/dev/null
  # shellcheck disable=SC2086
  openssl req -new -config "$work/config" -newkey $algorithm -nodes -keyout "$work/tsa.key" -subj "/CN=Example time-stamp authority $kind" \
    -out "$work/tsa.csr" 2>/dev/null
  openssl x509 -req -in "$work/tsa.csr" -CA "$work/root.pem" -CAkey "$work/root.key" -CAcreateserial -days 36500 \
    -extfile "$work/config" -extensions stamper -out "$work/tsa.pem" 2>/dev/null
  echo 01 > "$work/serial"
  (cd "$work" && openssl ts -reply -config config -section tsa_config -queryfile query -signer tsa.pem -inkey tsa.key -out reply 2>/dev/null)
  cp "$work/reply" "timestamp-$kind.tsr"
  cp "$work/root.pem" "root-$kind.pem"
done
