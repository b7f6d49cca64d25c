#pragma once

#include <filesystem>
#include <memory>
#include <thread>
#include <vector>

#include "mj/anchoring/anchors.hpp"
#include "mj/evidence_format/key_ring.hpp"
#include "mj/kernel/result.hpp"
#include "mj/witness/service.hpp"
#include "mj/witness/witness.hpp"
#include "platform.hpp"

namespace mj::app {

/// Three witnesses of other departments 见证方, played in this process over real TCP, so that the demonstration shows what they
/// are for. Real witnesses are `mingjian witness`, run by somebody else on a machine of his own.
class DemoWitnesses {
 public:
  /// Their keys and memories stand under `directory`.
  [[nodiscard]] static Result<std::unique_ptr<DemoWitnesses>> start(const std::filesystem::path& directory);
  /// Where the platform finds them: two of three must sign.
  [[nodiscard]] anchoring::Options options() const;
  /// Tells the witnesses the keys of the log, now and after each change, as its operator would, until the thread returned is
  /// stopped. It must end before `platform` and this object do.
  [[nodiscard]] std::jthread introduce(const Platform& platform) const;

 private:
  struct One {
    std::unique_ptr<witness::Witness> witness;
    std::unique_ptr<witness::Service> service;
  };
  void trust(const evidence_format::KeyRing& ring) const;

  std::vector<One> witnesses_;
};

}  // namespace mj::app
