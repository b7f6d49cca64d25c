#!/bin/sh
# Makes the files beside it: time-stamp responses of a local RFC 3161 authority (openssl ts) over the text "mingjian", and the
# certificates that they need. The private keys are thrown away. Run it only to replace all of them.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > tsa.cnf <<'CNF'
[ca_root]
database = index.txt
new_certs_dir = .
serial = serial.txt
default_md = sha256
policy = anything
unique_subject = no
[anything]
countryName = optional
organizationName = optional
commonName = supplied
[tsa]
default_tsa = tsa_good
[tsa_good]
serial = tsa_serial.txt
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sm3
ess_cert_id_chain = no
ess_cert_id_alg = sha256
accuracy = secs:1
[root_ext]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
[tsa_ext]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
CNF
: > index.txt
echo 01 > serial.txt
echo 01 > tsa_serial.txt
make_ca() { # name
  openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.pem" -days 36500 -subj "/O=Mingjian tests/CN=$1" \
    -config tsa.cnf -extensions root_ext 2> /dev/null
}
make_tsa() { # name, start, end
  openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" -subj "/O=Mingjian tests/CN=$1" 2> /dev/null
  openssl ca -batch -config tsa.cnf -name ca_root -cert root.pem -keyfile root.key -in "$1.csr" -out "$1.pem" -notext \
    -startdate "$2" -enddate "$3" -extensions tsa_ext 2> /dev/null
}
stamp() { # tsa, query, answer
  openssl ts -reply -config tsa.cnf -section tsa_good -queryfile "$2" -signer "$1.pem" -inkey "$1.key" -out "$3"
}
printf '[req]\ndistinguished_name=dn\n[dn]\n' >> tsa.cnf
make_ca root
make_ca stranger
make_tsa authority 20200101000000Z 21000101000000Z
make_tsa expired 20200101000000Z 20210101000000Z
printf mingjian > text
openssl ts -query -data text -sha256 -cert -out query.tsq 2> /dev/null
openssl ts -query -data text -sm3 -cert -out sm3.tsq 2> /dev/null
openssl ts -query -data text -sha512 -cert -out refused.tsq 2> /dev/null
stamp authority query.tsq good.tsr
stamp authority sm3.tsq sm3.tsr
stamp authority refused.tsq refused.tsr || true
stamp expired query.tsq expired.tsr
cp root.pem stranger.pem authority.pem good.tsr sm3.tsr refused.tsr expired.tsr "$here"
