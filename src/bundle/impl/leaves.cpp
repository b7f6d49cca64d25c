#include "leaves.hpp"

namespace mj::bundle {

std::optional<std::string> Leaves::data_time(const Step& step) {
  if (step.op == Op::cell) {
    auto read = cell(step);
    if (!read) return std::nullopt;
    return std::move(read->time);
  }
  const auto digits = packet(step.entry).data_time();
  if (!digits) return std::nullopt;
  return padded_time(*digits);
}

std::string Leaves::device(const Step& step) {
  if (step.op != Op::cell) return std::string(packet(step.entry).device());
  auto read = cell(step);
  return read ? std::move(read->device) : std::string();
}

}  // namespace mj::bundle
