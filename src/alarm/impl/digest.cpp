#include "digest.hpp"

#include "mj/evidence_format/merkle.hpp"

namespace mj::alarm {

std::string sha256_hex(std::string_view text) { return to_hex(evidence_format::sha256(as_bytes(text))); }

}  // namespace mj::alarm
