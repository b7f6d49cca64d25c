#include "mj/evidence_format/big_endian.hpp"
#include "mj/evidence_format/checkpoint.hpp"

namespace mj::evidence_format {

std::string cosignature_message(std::int64_t unix_seconds, std::string_view checkpoint_text) {
  return fmt::format("cosignature/v1\ntime {}\n{}", unix_seconds, checkpoint_text);
}

Result<Note::Signature> cosign(const Signer& witness, std::string_view checkpoint_text,
                               std::int64_t unix_seconds) {
  const VerifierKey& key = witness.key();
  if (key.kind != KeyKind::cosignature) {
    return Error(ErrorCode::invalid_input, fmt::format("the key {} is not one of a witness", key.name));
  }
  if (unix_seconds < 0) return Error(ErrorCode::invalid_input, "a cosignature has no time before 1970");
  Note::Signature signature{key.name, key.id(), {}};
  put_be(signature.bytes, unix_seconds);
  MJ_TRY(const Bytes signed_text, witness.sign(cosignature_message(unix_seconds, checkpoint_text)));
  signature.bytes.insert(signature.bytes.end(), signed_text.begin(), signed_text.end());
  return signature;
}

Result<Witnessed> witnessed(const Note& note, const WitnessPolicy& policy) {
  Witnessed result;
  for (auto known = policy.witnesses.begin(); known != policy.witnesses.end(); ++known) {
    const VerifierKey& witness = *known;
    // Only a cosignature says that its maker saw the checkpoint, and a key that the policy names twice is one witness.
    const bool counted = std::any_of(policy.witnesses.begin(), known, [&](const VerifierKey& other) {
      return other.public_key == witness.public_key;
    });
    if (witness.kind != KeyKind::cosignature || counted) continue;
    MJ_TRY(const auto signature, note.signature_of(witness));
    if (!signature) continue;
    constexpr std::int64_t kLatestSecond = INT64_MAX / 1000;
    const std::int64_t seconds = std::min(get_be<std::int64_t>(signature->bytes), kLatestSecond);
    result.by.push_back(Witnessed::By{witness.name, Instant::from_ms(1000 * seconds)});
  }
  result.enough = result.by.size() >= policy.quorum;
  return result;
}

}  // namespace mj::evidence_format
