#include <arpa/inet.h>
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "mj/devices/order.hpp"
#include "mj/gateway/server.hpp"
#include "mj/hj212/message.hpp"
#include "mj/runtime/thread.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::gateway {
namespace {

template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  return std::move(result).value();
}

std::string mn_of(int number) { return fmt::format("{:024}", number); }

/// A gateway with a real log, `count` registered devices, and the commands that the benchmarks order.
struct Station {
  explicit Station(int count) {
    std::string pattern = (std::filesystem::temp_directory_path() / "mj-gateway-bench-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    std::vector<registry::Point> points;
    for (int number = 0; number < count; ++number) {
      registry::Point point;
      point.id = fmt::format("p{}", number);
      point.device = mn_of(number);
      point.profile.over_time_s = 600;
      points.push_back(std::move(point));
    }
    network = must(registry::Network::from_points(std::move(points)));
    log = must(evidence::Log::open(folder / "evidence", {}));
    devices = must(registry::DeviceRegister::open(folder / "records", network));
    protocol = must(standards::StandardSet::load(MJ_SOURCE_DIR "/standards")).protocol();
    follower = runtime::start_thread("register", [this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        if (devices->consume(*log).value() == 0) log->wait_beyond(devices->position(), 100, stop);
      }
    });
    ServerOptions options;
    options.port = 0;
    server = must(Server::start(options, *log, Knowledge{network, *devices, protocol}, runtime::system_clock()));
  }
  ~Station() {
    server.reset();
    follower = {};
    devices.reset();
    log.reset();
    std::filesystem::remove_all(folder);
  }
  Station(const Station&) = delete;
  Station& operator=(const Station&) = delete;

  std::filesystem::path folder;
  registry::Network network;
  std::unique_ptr<evidence::Log> log;
  std::unique_ptr<registry::DeviceRegister> devices;
  hj212::Protocol protocol;
  std::unique_ptr<Server> server;
  std::jthread follower;
};

int connect_to(std::uint16_t port) {
  const int handle = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(handle, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) return -1;
  return handle;
}

std::string upload(int number) {
  return hj212::frame(fmt::format(
      "QN=20160801085857223;ST=32;CN=2011;PW=123456;MN={};Flag=5;CP=&&DataTime=20160801085857;w01018-Rtd=1.1,"
      "w01018-Flag=N;"
      "w21003-Rtd=0.5,w21003-Flag=N;w21011-Rtd=0.1,w21011-Flag=N;w21001-Rtd=5.1,w21001-Flag=N;w01001-Rtd=7.1,"
      "w01001-"
      "Flag=N;w00000-Rtd=17.5,w00000-Flag=N;w01010-Rtd=21.0,w01010-Flag=N;w01012-Rtd=9,w01012-Flag=N&&",
      mn_of(number)));
}

void read_exactly(int handle, std::size_t size) {
  std::array<char, 65536> buffer{};
  while (size > 0) {
    const ssize_t got = ::recv(handle, buffer.data(), std::min(size, buffer.size()), 0);
    if (got <= 0) return;
    size -= static_cast<std::size_t>(got);
  }
}

/// Frames sent by eight devices at once and acknowledged after they are durable.
void acknowledged_frames(benchmark::State& state) {
  constexpr int kDevices = 8;
  constexpr int kFrames = 500;
  constexpr std::size_t kAnswer = 2 + 4 + 87 + 4 + 2;
  const Station station(kDevices);
  std::array<int, kDevices> handles{};
  std::array<std::string, kDevices> bursts;
  for (int device = 0; device < kDevices; ++device) {
    const auto at = static_cast<std::size_t>(device);
    handles[at] = connect_to(station.server->port());
    const std::string frame = upload(device);
    for (int count = 0; count < kFrames; ++count) bursts[at] += frame;
  }
  for (auto _ : state) {
    std::array<std::jthread, kDevices> senders;
    for (std::size_t at = 0; at < kDevices; ++at) {
      senders[at] = std::jthread([&, at] {
        for (std::size_t sent = 0; sent < bursts[at].size();) {
          const ssize_t more =
              ::send(handles[at], bursts[at].data() + sent, bursts[at].size() - sent, MSG_NOSIGNAL);
          if (more <= 0) return;
          sent += static_cast<std::size_t>(more);
        }
      });
    }
    for (const int handle : handles) read_exactly(handle, kFrames * kAnswer);
  }
  state.SetItemsProcessed(state.iterations() * kDevices * kFrames);
  for (const int handle : handles) ::close(handle);
}
BENCHMARK(acknowledged_frames)->UseRealTime()->Unit(benchmark::kMillisecond);

std::size_t resident_bytes() {
  std::size_t pages = 0;
  std::size_t resident = 0;
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  if (std::fscanf(file, "%zu %zu", &pages, &resident) != 2) resident = 0;
  std::fclose(file);
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// Memory of the process for each connected device, and for each conversation that waits for its reply.
void memory_of_devices(benchmark::State& state) {
  constexpr int kDevices = 8000;
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  for (auto _ : state) {
    const Station station(kDevices);
    const std::size_t before = resident_bytes();
    std::vector<int> handles;
    for (int device = 0; device < kDevices; ++device) {
      handles.push_back(connect_to(station.server->port()));
      const std::string frame = upload(device);
      if (::send(handles.back(), frame.data(), frame.size(), MSG_NOSIGNAL) < 0) return state.SkipWithError("send");
    }
    for (const int handle : handles) read_exactly(handle, 6);
    ::malloc_trim(0);
    const std::size_t connected = resident_bytes();
    for (int device = 0; device < kDevices; ++device) {
      devices::Order order;
      order.id = devices::OrderId(static_cast<std::uint64_t>(device));
      order.request.device = mn_of(device);
      order.request.cn = "1061";
      order.request.expires_at = Instant::from_ms(4'000'000'000'000);
      station.server->submit(order);
    }
    while (station.server->figures().requests < kDevices)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ::malloc_trim(0);  // what was needed for a moment only does not count
    const std::size_t conversing = resident_bytes();
    state.counters["bytes/connection"] = static_cast<double>(connected - before) / kDevices;
    state.counters["bytes/conversation"] = static_cast<double>(conversing - connected) / kDevices;
    for (const int handle : handles) ::close(handle);
  }
}
BENCHMARK(memory_of_devices)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mj::gateway
