#include "reception.hpp"

#include "mj/evidence_format/entry.hpp"
#include "mj/hj212/message.hpp"
#include "mj/runtime/log.hpp"

namespace mj::gateway {
namespace {

/// The entry format allows 255 bytes for the device and 65,535 in all; junk is cut into entries of this size.
constexpr std::size_t kMaxDevice = 255;
constexpr std::size_t kJunkEntry = 60'000;

}  // namespace

Reception::Reception(const registry::Network& network, std::uint64_t connection, std::string peer,
                     std::size_t max_segment)
    : network_(network),
      connection_(connection),
      peer_(std::move(peer)),
      max_segment_(max_segment),
      framer_(hj212::FramerLimits{max_segment}) {}

void Reception::add(const hj212::Piece& piece, Instant now, Received& received) {
  evidence_format::Entry entry;
  entry.received_at = now;
  entry.connection = connection_;
  entry.peer = peer_;
  hj212::HeaderReading reading;
  if (piece.framed) {
    reading = hj212::read_header(piece.segment);
    entry.type = evidence_format::EntryType::frame;
    entry.device = reading.header.mn.value_or("").substr(0, kMaxDevice);
    ++received.frames;
  } else {
    entry.type = evidence_format::EntryType::junk;
    received.junk_bytes += piece.bytes.size();
  }
  for (std::size_t begin = 0; begin < piece.bytes.size(); begin += kJunkEntry) {
    entry.payload = as_bytes(piece.bytes.substr(begin, kJunkEntry));
    if (const Status added = received.batch.add(entry); !added) {
      runtime::log(runtime::Level::error, "gateway", "bytes from {} cannot be recorded: {}", peer_,
                   added.error().text());
      return;
    }
  }
  if (!piece.framed || !reading.error.empty()) return;
  const registry::Point* point = network_.find_device(entry.device);
  if (!hj212::accepts(point == nullptr ? hj212::CrcRule::hj : point->crc, piece.crc.match)) return;
  const hj212::Answer answer = hj212::answer_for(reading.header);
  if (answer == hj212::Answer::none) return;
  received.answers += hj212::answer_frame(reading.header, answer);
  ++received.answer_count;
}

Received Reception::take(Instant now) {
  Received received;
  while (const auto piece = framer_.next()) add(*piece, now, received);
  return received;
}

Received Reception::take_without_tail(Instant now) {
  Received received;
  hj212::Framer attempt = framer_;
  attempt.finish();
  const auto piece = attempt.next();
  if (piece && piece->framed && piece->error.empty() && attempt.pending() == 0) {
    add(*piece, now, received);
    framer_ = hj212::Framer(hj212::FramerLimits{max_segment_});
  }
  return received;
}

Received Reception::take_rest(Instant now) {
  framer_.finish();
  Received received = take(now);
  framer_ = hj212::Framer(hj212::FramerLimits{max_segment_});
  return received;
}

}  // namespace mj::gateway
