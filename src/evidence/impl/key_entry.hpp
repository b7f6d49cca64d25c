#pragma once

#include <cstdint>
#include <string>

#include "mj/evidence_format/entry.hpp"
#include "mj/evidence_format/key_ring.hpp"

namespace mj::evidence {

/// An entry of type key.
struct KeyEntry {
  std::uint64_t index = 0;
  std::string note;
};

/// The entry that holds a statement: everything in it follows from the statement. docs/formats/evidence-log.md §8.
[[nodiscard]] inline evidence_format::Entry key_entry(const evidence_format::KeyStatement& statement,
                                                      std::string_view note) {
  evidence_format::Entry entry;
  entry.type = evidence_format::EntryType::key;
  entry.received_at = statement.at;
  entry.payload = as_bytes(note);
  return entry;
}

}  // namespace mj::evidence
