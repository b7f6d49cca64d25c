#include "log_signatures.hpp"

namespace mj::witness {

using evidence_format::Note;
using evidence_format::VerifierKey;

Result<std::vector<VerifierKey>> keys_for(const WatchedLog& log, std::uint64_t size) {
  if (!log.ring) return log.keys;
  const evidence_format::KeyStatement& statement = log.ring->at_size(size);
  if (statement.origin != log.origin) {
    return Error(ErrorCode::conflict, fmt::format("at this size the log goes on as {}", statement.origin));
  }
  return statement.keys;
}

Result<Note> verified_note(const Note& note, const std::vector<VerifierKey>& keys) {
  Note verified;
  verified.text = note.text;
  for (const VerifierKey& key : keys) {
    MJ_TRY(auto signature, note.signature_of(key));
    if (!signature) {
      return Error(ErrorCode::damaged, fmt::format("the signature of {} is missing", key.text()));
    }
    verified.signatures.push_back(*std::move(signature));
  }
  return verified;
}

}  // namespace mj::witness
