#include "mj/telemetry/accepted_frames.hpp"

#include "frame_reading.hpp"

namespace mj::telemetry {

struct AcceptedFrames::Impl {
  explicit Impl(const registry::Network& network) : reader(network) {}
  FrameReader reader;
  AcceptedFrame frame;
};

AcceptedFrames::AcceptedFrames(const registry::Network& network) : impl_(std::make_unique<Impl>(network)) {}
AcceptedFrames::~AcceptedFrames() = default;

void AcceptedFrames::use(registry::SettingsView settings) { impl_->reader.use(std::move(settings)); }

const AcceptedFrame* AcceptedFrames::read(const evidence::StoredEntry& stored) {
  const FrameReading reading = impl_->reader.read(stored);
  if (reading.disposition != Disposition::stored || !reading.data_time || reading.values->empty()) return nullptr;
  AcceptedFrame& frame = impl_->frame;
  frame.cn = reading.cn;
  frame.data_time = *reading.data_time;
  frame.values.clear();
  for (const FrameValue& value : *reading.values)
    frame.values.push_back({value.factor, value.kind, value.text, value.flag});
  return &frame;
}

}  // namespace mj::telemetry
