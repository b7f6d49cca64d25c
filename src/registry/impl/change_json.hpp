#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mj/kernel/bytes.hpp"
#include "mj/kernel/result.hpp"
#include "mj/registry/record.hpp"

namespace mj::registry {

/// One change as recorded.
struct RecordedChange {
  std::string kind;
  std::string id;
  Action action = Action::add;
  Day effective;
  Attributes set;
  std::vector<std::string> clear;
};

/// A decision `register.change`, or one part of it when it is too long for one entry (docs/formats/decisions.md).
struct RegisterDecision {
  std::string batch;
  std::uint64_t part = 1;   ///< from 1
  std::uint64_t parts = 1;  ///< the changes count when all parts are there
  std::shared_ptr<const Approval> approval;
  std::shared_ptr<const Author> author;
  std::vector<RecordedChange> changes;
};

/// Payloads of the entries that record the changes in their order, each at most 60 KB and under one approval, that of its changes.
/// Errors: invalid_input when one change alone is longer.
[[nodiscard]] Result<std::vector<std::string>> encode_changes(const std::string& batch,
                                                              const std::vector<Change>& changes,
                                                              const Author& author);
/// Errors: none when the payload is not such a decision.
[[nodiscard]] std::optional<RegisterDecision> decode_changes(BytesView payload);

}  // namespace mj::registry
