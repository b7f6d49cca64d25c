#include "mj/evidence/log.hpp"

namespace mj::evidence {

Status Batch::add(const evidence_format::Entry& entry) {
  if (entry.type == evidence_format::EntryType::key) {
    return Error(ErrorCode::invalid_input, "statements about the keys of the log are made by the log itself");
  }
  return add_any(entry);
}

Status Batch::add_any(const evidence_format::Entry& entry) {
  const std::size_t before = encoded_.size();
  MJ_CHECK(evidence_format::encode(entry, encoded_));
  lengths_.push_back(static_cast<std::uint32_t>(encoded_.size() - before));
  return {};
}

}  // namespace mj::evidence
