#include "head.hpp"

namespace mj::anchoring {

using evidence_format::Note;

void Head::begin(const evidence::SignedCheckpoint& checkpoint) {
  size_ = checkpoint.checkpoint.size;
  auto note = Note::parse(checkpoint.note);
  if (!note || note->text == note_.text) return;
  note_ = *std::move(note);
}

void Head::add(const Note::Signature& cosignature) {
  std::erase_if(note_.signatures, [&](const Note::Signature& line) {
    return line.name == cosignature.name && line.id == cosignature.id;
  });
  note_.signatures.push_back(cosignature);
}

std::size_t Head::cosigned() const {
  const auto seen = evidence_format::witnessed(note_, policy_);
  return seen ? seen->by.size() : 0;
}

std::optional<Instant> Head::witnessed_at() const {
  const auto seen = evidence_format::witnessed(note_, policy_);
  if (!seen || seen->by.empty() || seen->by.size() < policy_.quorum) return std::nullopt;
  std::vector<Instant> times;
  for (const auto& each : seen->by) times.push_back(each.at);
  std::ranges::sort(times, std::greater());
  return times[std::max<std::size_t>(policy_.quorum, 1) - 1];
}

}  // namespace mj::anchoring
