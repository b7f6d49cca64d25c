// Framing of arbitrary bytes: the pieces are the input, and dividing the input changes nothing.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "mj/hj212/framer.hpp"

namespace {

using mj::hj212::Framer;
using mj::hj212::Piece;

void require(bool condition) {
  if (!condition) std::abort();
}

struct Record {
  std::uint64_t at = 0;
  std::string bytes;
  bool framed = false;
  std::string segment;
  std::string remarks;

  bool operator==(const Record&) const = default;
};

void drain(Framer& framer, std::string_view input, std::vector<Record>& records, std::uint64_t& covered) {
  while (const auto piece = framer.next()) {
    require(piece->at == covered && !piece->bytes.empty());
    require(input.substr(piece->at, piece->bytes.size()) == piece->bytes);
    covered += piece->bytes.size();
    if (piece->framed) {
      require(piece->segment.data() >= piece->bytes.data() + 6);
      require(piece->segment.data() + piece->segment.size() <= piece->bytes.data() + piece->bytes.size());
    } else {
      require(piece->segment.empty() && !piece->error.empty());
    }
    records.push_back({piece->at, std::string(piece->bytes), piece->framed, std::string(piece->segment),
                       std::string(name(piece->crc.match)).append(piece->crc.given) + piece->error.text() +
                           piece->deviations.to_string()});
  }
}

std::vector<Record> cut(std::string_view input, std::size_t chunk, std::size_t max_segment) {
  Framer framer({.max_segment = max_segment});
  std::vector<Record> records;
  std::uint64_t covered = 0;
  for (std::size_t at = 0; at < input.size(); at += chunk) {
    framer.push(mj::as_bytes(input.substr(at, chunk)));
    drain(framer, input, records, covered);
    require(framer.pending() == std::min(at + chunk, input.size()) - covered);
    require(framer.pending() <= max_segment + 32 + chunk);
  }
  framer.finish();
  drain(framer, input, records, covered);
  require(covered == input.size() && framer.pending() == 0);
  return records;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  for (const std::size_t max_segment : {std::size_t{64}, std::size_t{8192}}) {
    const auto whole = cut(input, std::max<std::size_t>(size, 1), max_segment);
    require(cut(input, 1, max_segment) == whole);
    require(cut(input, 13, max_segment) == whole);
  }
  return 0;
}
