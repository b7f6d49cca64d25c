#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "mj/kernel/result.hpp"
#include "mj/runtime/clock.hpp"
#include "mj/witness/witness.hpp"

namespace mj::witness {

/// A witness on a port: the two calls of c2sp.org/tlog-witness, a page for people at `/`, the same as JSON at `/api/status`,
/// the verifier key at `/vkey`. Anybody may reach it: a checkpoint carries its own proof of who made it.
class Service {
 public:
  /// Errors: invalid_input for no address; unavailable when the port is taken.
  [[nodiscard]] static Result<std::unique_ptr<Service>> start(Witness& witness, const std::string& address,
                                                              std::uint16_t port, runtime::Clock clock);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// "0.0.0.0:8085"
  [[nodiscard]] std::string binding() const;

 private:
  struct Impl;
  explicit Service(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// What `/api/status` answers: key, logs, what is remembered of each.
[[nodiscard]] std::string status_json(const evidence_format::VerifierKey& key,
                                      const std::vector<Remembered>& logs);

}  // namespace mj::witness
