#include "mj/simulator/misbehaviour.hpp"

namespace mj::simulator {
namespace {

constexpr std::array<std::string_view, kMisdeedCount> kNames{"crc-wrong",
                                                             "crc-modbus",
                                                             "crc-modbus-le",
                                                             "crc-lower-case",
                                                             "length-wrong",
                                                             "length-huge",
                                                             "line-end-missing",
                                                             "line-end-lf",
                                                             "header-order",
                                                             "flag-missing",
                                                             "flag-after-area",
                                                             "qn-epoch",
                                                             "name-upper-case",
                                                             "trailing-separator",
                                                             "data-time-long",
                                                             "log-gbk",
                                                             "junk",
                                                             "half-then-rest",
                                                             "half-forever",
                                                             "duplicate",
                                                             "glued",
                                                             "frame-lost",
                                                             "reply-lost",
                                                             "no-request-reply",
                                                             "late-result",
                                                             "refused",
                                                             "busy"};

}  // namespace

std::string_view name(Misdeed misdeed) { return kNames[static_cast<std::size_t>(misdeed)]; }

std::optional<Misdeed> parse_misdeed(std::string_view word) {
  for (std::size_t i = 0; i < kMisdeedCount; ++i) {
    if (kNames[i] == word) return static_cast<Misdeed>(i);
  }
  return std::nullopt;
}

}  // namespace mj::simulator
