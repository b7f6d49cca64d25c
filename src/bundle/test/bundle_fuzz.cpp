// Any bytes as an evidence bundle and as a trust file: never a crash; a verdict always has all checks in order, is good exactly when
// none failed, and what is read can be written and means the same again.
#include <cstdint>
#include <cstdlib>

#include "document.hpp"
#include "mj/bundle/verify.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_shape(const mj::bundle::Verdict& verdict) {
  using mj::bundle::Check;
  constexpr std::string_view kIds[] = {"format",    "keys", "checkpoint", "witnesses", "timestamp",  "revocation",
                                       "inclusion", "sm3",  "statements", "tables",    "derivation", "figure"};
  require(verdict.checks.size() == std::size(kIds));
  bool good = true;
  for (std::size_t i = 0; i < verdict.checks.size(); ++i) {
    const Check& check = verdict.checks[i];
    require(check.id == kIds[i] && !check.text.empty());
    good = good && check.outcome != Check::Outcome::failed;
  }
  require(verdict.ok == good);
  require(!verdict.trusted);
  if (verdict.checks[0].outcome == Check::Outcome::failed) require(!verdict.ok && verdict.subject.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)mj::bundle::Trust::parse(text);
  const mj::bundle::Verdict verdict = mj::bundle::verify(text, mj::bundle::Trust{});
  check_shape(verdict);
  if (const auto document = mj::bundle::read_document(text)) {
    const std::string again = mj::bundle::write_document(*document);
    const mj::bundle::Verdict same = mj::bundle::verify(again, mj::bundle::Trust{});
    require(same.ok == verdict.ok && same.subject == verdict.subject && same.value == verdict.value);
    for (std::size_t i = 0; i < same.checks.size(); ++i)
      require(same.checks[i].outcome == verdict.checks[i].outcome);
  }
  return 0;
}
