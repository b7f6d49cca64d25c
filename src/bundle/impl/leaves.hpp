#pragma once

#include "imported.hpp"
#include "packet.hpp"

namespace mj::bundle {

/// What the leaves of a document read: packets and cells of imported files.
class Leaves {
 public:
  /// `document` outlives this.
  explicit Leaves(const Document& document) : packets_(document), cells_(document) {}

  /// Of an entry that a `field` or `time` reads.
  [[nodiscard]] const Packet& packet(std::uint64_t entry) { return packets_.of(entry); }
  /// Of a step `cell`. Errors: invalid_input.
  [[nodiscard]] Result<Cell> cell(const Step& step) { return cells_.read(step.entry, step.line, step.name); }
  /// Data time of what a leaf reads, filled up to 17 digits; none when there is none.
  [[nodiscard]] std::optional<std::string> data_time(const Step& step);
  /// Device of what a `field` or `cell` reads; empty when it reads nothing.
  [[nodiscard]] std::string device(const Step& step);

 private:
  Packets packets_;
  ImportedCells cells_;
};

}  // namespace mj::bundle
