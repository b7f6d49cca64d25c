#include "scenario_play.hpp"

#include <boost/asio/ssl/verify_mode.hpp>

#include "durations.hpp"
#include "file_limit.hpp"
#include "mj/runtime/log.hpp"

namespace mj::simulator {
namespace {

using boost::system::error_code;

constexpr std::size_t kCommonBuffer = 64 << 10;
constexpr std::uint64_t kOtherFiles = 64;
constexpr std::int64_t kReconnectMinMs = 100;
constexpr std::int64_t kReconnectMaxMs = 5'000;
constexpr std::int64_t kStormMs = 300;  // how long a connection lasts in a storm

}  // namespace

ScenarioPlay::ScenarioPlay(const Scenario& scenario, const ScenarioOptions& options, Instant start)
    : scenario_(scenario),
      options_(options),
      start_(start),
      steady_start_(runtime::steady_ms()),
      common_(kCommonBuffer) {
  tls_.set_verify_mode(asio::ssl::verify_none);
  listener_.up = [this](std::uint32_t line) { came_up(line); };
  listener_.bytes = [this](std::uint32_t line, BytesView bytes) { received(line, bytes); };
  listener_.down = [this](std::uint32_t line, bool was_up) { went_down(line, was_up); };
  listener_.written = [this](std::uint32_t line) { arm(line); };
  listener_.now = [this] { return now(); };
}

Instant ScenarioPlay::now() const { return start_.plus_ms(runtime::steady_ms() - steady_start_); }

void ScenarioPlay::seat_all() {
  std::uint32_t number = 0;
  for (const DeviceGroup& group : scenario_.groups) {
    models_.push_back(std::make_unique<FieldModel>(group, scenario_.seed));
    FieldModel* model = models_.back().get();
    seats_of_group_.emplace_back(number, group.count);
    for (std::uint32_t i = 0; i < group.count; ++i, ++number) {
      const auto records = [model, i](Record record, Instant at, std::int64_t length) {
        return model->area(i, record, at, length);
      };
      Seat& seat = seats_.emplace_back(FieldDevice(group, i, records, scenario_.seed, start_), io_, number,
                                       listener_, common_, options_.tls ? &tls_ : nullptr);
      seat.connect_at = start_.plus_ms(std::int64_t{number} * 1'000 / scenario_.connects_per_s);
      arm(number);
    }
  }
  report_.devices = number;
}

// ---- one timer for all

void ScenarioPlay::arm(std::uint32_t number) {
  Seat& seat = seats_[number];
  Instant at = std::min(seat.connect_at, seat.drop_at);
  at = std::min({at, seat.device.next_wake(), seat.line.next_wake()});
  if (at == seat.wake_at) return;
  seat.wake_at = at;
  if (at == kNever) return;
  alarms_.push(Alarm{at, number});
  if (at < timer_at_) set_timer();
}

void ScenarioPlay::set_timer() {
  timer_at_ = alarms_.empty() ? kNever : alarms_.top().at;
  if (timer_at_ == kNever) return;
  const std::int64_t wait = std::max<std::int64_t>(0, timer_at_.ms_since(now()));
  timer_.expires_after(std::chrono::milliseconds(wait));
  timer_.async_wait([this](const error_code& cancelled) {
    if (!cancelled) ring();
  });
}

void ScenarioPlay::ring() {
  timer_at_ = kNever;
  const Instant until = now();
  // Only what was due when it rang, so that reading has its turn.
  while (!alarms_.empty() && alarms_.top().at <= until) {
    const Alarm alarm = alarms_.top();
    alarms_.pop();
    if (seats_[alarm.seat].wake_at != alarm.at) continue;  // another one counts by now
    seats_[alarm.seat].wake_at = kNever;
    timer_at_ = Instant();  // arm() leaves the timer alone meanwhile
    wake(alarm.seat);
    if (now().ms_since(until) > 20) break;
  }
  set_timer();
}

void ScenarioPlay::wake(std::uint32_t number) {
  Seat& seat = seats_[number];
  const Instant at = now();
  if (at >= seat.drop_at) {
    drop(number, kReconnectMinMs);
  }
  if (seat.line.is_down() && at >= seat.connect_at) {
    seat.connect_at = kNever;
    seat.line.connect(endpoint_);
  }
  seat.line.wake(at);
  Turn mine = turn();
  if (at >= seat.device.next_wake()) seat.device.wake(mine);
  end_turn(number, mine);
}

void ScenarioPlay::end_turn(std::uint32_t number, Turn& turn) {
  Seat& seat = seats_[number];
  seat.line.write(std::move(turn.line), turn.now);
  if (turn.disconnect) drop(number, kReconnectMinMs);
  arm(number);
}

// ---- lines

void ScenarioPlay::drop(std::uint32_t number, std::int64_t again_ms) {
  Seat& seat = seats_[number];
  const bool was_up = seat.line.is_up();
  seat.line.close();
  seat.drop_at = kNever;
  seat.connect_at = now().plus_ms(again_ms);
  if (was_up) {
    ++report_.disconnects;
    --report_.online;
  }
  seat.device.lost(now());
}

void ScenarioPlay::came_up(std::uint32_t number) {
  Seat& seat = seats_[number];
  ++report_.connects;
  ++report_.online;
  seat.backoff_ms = 0;
  if (now() < seat.storm_until) seat.drop_at = now().plus_ms(kStormMs);
  Turn mine = turn();
  seat.device.connected(mine);
  end_turn(number, mine);
}

void ScenarioPlay::went_down(std::uint32_t number, bool was_up) {
  Seat& seat = seats_[number];
  seat.drop_at = kNever;
  if (was_up) {
    ++report_.disconnects;
    --report_.online;
    seat.device.lost(now());
  } else {
    ++report_.refused_connects;
  }
  seat.backoff_ms = std::clamp(seat.backoff_ms * 2, kReconnectMinMs, kReconnectMaxMs);
  seat.connect_at = now().plus_ms(seat.backoff_ms + number % 100);
  arm(number);
}

void ScenarioPlay::received(std::uint32_t number, BytesView bytes) {
  Seat& seat = seats_[number];
  Turn mine = turn();
  hj212::Framer& framer = seat.line.framer();
  framer.push(bytes);
  while (const auto piece = framer.next()) {
    if (!piece->framed) {
      ++report_.strange;
      continue;
    }
    const hj212::FrameReading& reading = reader_.read(*piece, seat.device.settings());
    seat.device.take(reader_, reading, mine);
  }
  end_turn(number, mine);
}

// ---- events

void ScenarioPlay::schedule_event(std::size_t index, std::int64_t at_ms) {
  asio::steady_timer& timer = *events_[index];
  timer.expires_after(std::chrono::milliseconds(std::max<std::int64_t>(0, start_.plus_ms(at_ms).ms_since(now()))));
  timer.async_wait([this, index, at_ms](const error_code& cancelled) {
    if (cancelled) return;
    const ScenarioEvent& event = scenario_.events[index];
    happen(event);
    if (event.every_ms > 0) schedule_event(index, at_ms + event.every_ms);
  });
}

void ScenarioPlay::happen(const ScenarioEvent& event) {
  for (std::size_t g = 0; g < scenario_.groups.size(); ++g) {
    if (!event.group.empty() && scenario_.groups[g].name != event.group) continue;
    const auto [first, count] = seats_of_group_[g];
    const auto concerned = static_cast<std::uint32_t>(static_cast<double>(count) * event.share + 0.5);
    for (std::uint32_t number = first; number < first + concerned; ++number) {
      Seat& seat = seats_[number];
      Turn mine = turn();
      seat.device.happen(event, mine);
      if (event.what == Happening::storm) seat.storm_until = mine.now.plus_ms(event.for_ms);
      if (event.what == Happening::disconnect || event.what == Happening::storm) mine.disconnect = true;
      if (!mine.disconnect && seat.line.is_up()) seat.device.wake(mine);
      end_turn(number, mine);
    }
  }
}

void ScenarioPlay::tick() {
  ticker_.expires_after(std::chrono::seconds(1));
  ticker_.async_wait([this](const error_code& cancelled) {
    if (cancelled) return;
    options_.on_report(report());
    tick();
  });
}

const ScenarioReport& ScenarioPlay::report() {
  report_.seconds = static_cast<double>(runtime::steady_ms() - steady_start_) / 1000;
  return report_;
}

Status ScenarioPlay::run(std::stop_token stop) {
  MJ_CHECK(raise_file_limit(scenario_.devices() + kOtherFiles));
  error_code failure;
  asio::ip::tcp::resolver resolver(io_);
  const auto found = resolver.resolve(options_.target.host, fmt::format("{}", options_.target.port), failure);
  if (failure || found.empty()) {
    return Error(ErrorCode::unavailable,
                 fmt::format("{} cannot be resolved: {}", options_.target.host, failure.message()));
  }
  endpoint_ = found.begin()->endpoint();
  seat_all();
  for (std::size_t i = 0; i < scenario_.events.size(); ++i) {
    events_.push_back(std::make_unique<asio::steady_timer>(io_));
    schedule_event(i, scenario_.events[i].at_ms);
  }
  if (options_.on_report) tick();
  asio::steady_timer end(io_);
  const std::int64_t duration = options_.duration_ms > 0 ? options_.duration_ms : scenario_.duration_ms;
  if (duration > 0) {
    end.expires_after(std::chrono::milliseconds(duration));
    end.async_wait([this](const error_code& cancelled) {
      if (!cancelled) io_.stop();
    });
  }
  const std::stop_callback stopper(stop, [this] { io_.stop(); });
  try {
    if (!stop.stop_requested()) io_.run();
  } catch (const std::exception& thrown) {
    return Error(ErrorCode::internal, fmt::format("a simulated device failed: {}", thrown.what()));
  }
  return {};
}

Result<ScenarioReport> run_scenario(const Scenario& scenario, const ScenarioOptions& options,
                                    std::stop_token stop) {
  const runtime::Clock clock = options.clock ? options.clock : runtime::system_clock();
  ScenarioPlay play(scenario, options, clock());
  MJ_CHECK(play.run(std::move(stop)));
  return play.report();
}

}  // namespace mj::simulator
