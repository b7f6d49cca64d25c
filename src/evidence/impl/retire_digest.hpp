#pragma once

#include <memory>

#include "mj/kernel/bytes.hpp"
#include "mj/kernel/result.hpp"

namespace mj::evidence {

/// SHA-256 of bytes that come piece by piece.
class SegmentDigest {
 public:
  SegmentDigest();
  Status update(BytesView piece);
  [[nodiscard]] Result<Digest> finish();

 private:
  std::shared_ptr<void> context_;
};

}  // namespace mj::evidence
