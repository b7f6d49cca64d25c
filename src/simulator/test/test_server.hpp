#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <map>
#include <mutex>
#include <thread>

#include "mj/hj212/framer.hpp"
#include "mj/hj212/message.hpp"
#include "mj/simulator/target.hpp"

namespace mj::simulator::testing {

namespace asio = boost::asio;

/// What the test server does with a frame.
enum class Reply { answer, ignore, drop_connection, wrong_mn, wrong_crc };

/// A frame as it arrived.
struct Arrived {
  std::string segment;
  std::string whole;
  hj212::CrcMatch crc = hj212::CrcMatch::none;
  [[nodiscard]] hj212::Header header() const { return hj212::read_header(segment).header; }
};

/// A small HJ 212 server on a real loopback socket with its own thread: keeps every frame and answers as told.
class TestServer {
 public:
  using Decide = std::function<Reply(const Arrived&, std::size_t number)>;  // called on the server's thread

  explicit TestServer(Decide decide = {}) : decide_(std::move(decide)), acceptor_(io_) {
    const asio::ip::tcp::endpoint any(asio::ip::make_address("127.0.0.1"), 0);
    acceptor_.open(any.protocol());
    acceptor_.bind(any);
    acceptor_.listen();
    port_ = acceptor_.local_endpoint().port();
    accept();
    thread_ = std::thread([this] { io_.run(); });
  }
  ~TestServer() {
    io_.stop();
    thread_.join();
  }
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  [[nodiscard]] Target target() const { return {"127.0.0.1", port_}; }
  [[nodiscard]] std::vector<Arrived> arrived() const {
    const std::lock_guard lock(mutex_);
    return arrived_;
  }
  /// Request numbers of the frames that were answered rightly.
  [[nodiscard]] std::vector<std::string> answered() const {
    const std::lock_guard lock(mutex_);
    return answered_;
  }
  /// Sends bytes to the connection on which the device spoke last. False when it has not spoken yet.
  bool send(const std::string& mn, std::string bytes) {
    std::shared_ptr<Peer> peer;
    {
      const std::lock_guard lock(mutex_);
      const auto found = peers_.find(mn);
      if (found == peers_.end()) return false;
      peer = found->second.lock();
    }
    if (!peer) return false;
    asio::post(io_, [this, peer, bytes = std::move(bytes)] {
      peer->out += bytes;
      write(peer);
    });
    return true;
  }
  [[nodiscard]] std::size_t connections() const {
    const std::lock_guard lock(mutex_);
    return connections_;
  }

 private:
  struct Peer : std::enable_shared_from_this<Peer> {
    explicit Peer(asio::io_context& io) : socket(io) {}
    asio::ip::tcp::socket socket;
    hj212::Framer framer;
    std::array<std::byte, 16384> bytes{};
    std::string out;
    std::string writing;
  };

  void accept() {
    auto peer = std::make_shared<Peer>(io_);
    acceptor_.async_accept(peer->socket, [this, peer](const boost::system::error_code& failure) {
      if (failure) return;
      {
        const std::lock_guard lock(mutex_);
        ++connections_;
      }
      read(peer);
      accept();
    });
  }

  void read(const std::shared_ptr<Peer>& peer) {
    peer->socket.async_read_some(
        asio::buffer(peer->bytes), [this, peer](const boost::system::error_code& failure, std::size_t got) {
          if (failure) return;
          peer->framer.push(BytesView(peer->bytes.data(), got));
          while (const auto piece = peer->framer.next()) {
            if (!piece->framed) continue;
            Arrived arrived{std::string(piece->segment), std::string(piece->bytes), piece->crc.match};
            {
              const std::lock_guard lock(mutex_);
              peers_[std::string(arrived.header().mn.value_or(""))] = peer;
            }
            if (!handle(*peer, arrived)) {
              boost::system::error_code ignored;
              peer->socket.close(ignored);
              return;
            }
          }
          write(peer);
          read(peer);
        });
  }

  /// 9013 to notices and heartbeats, 9014 to uploads that want an answer, nothing to replies.
  static hj212::Answer answer_to(const hj212::Header& header) {
    const std::string_view cn = header.cn.value_or("");
    const bool reply = cn.starts_with("901") && cn != "9015";
    if (!header.flag || !header.flag->ack() || reply) return hj212::Answer::none;
    return cn.starts_with('1') || cn == "9015" ? hj212::Answer::notice_reply_9013 : hj212::Answer::data_reply_9014;
  }

  bool handle(Peer& peer, const Arrived& arrived) {
    std::size_t number = 0;
    {
      const std::lock_guard lock(mutex_);
      arrived_.push_back(arrived);
      number = arrived_.size() - 1;
    }
    const Reply reply = decide_ ? decide_(arrived, number) : Reply::answer;
    const hj212::Header header = arrived.header();
    const hj212::Answer wanted = answer_to(header);
    if (reply == Reply::drop_connection) return false;
    if (reply == Reply::ignore || wanted == hj212::Answer::none) return true;
    hj212::Header shown = header;
    if (reply == Reply::wrong_mn) shown.mn = "FFFFFFFFFFFFFFFFFFFFFFFF";
    std::string answer = hj212::answer_frame(shown, wanted);
    if (reply == Reply::wrong_crc) answer[answer.size() - 3] = answer[answer.size() - 3] == '0' ? '1' : '0';
    if (reply == Reply::answer) {
      const std::lock_guard lock(mutex_);
      answered_.emplace_back(header.qn.value_or(""));
    }
    peer.out += answer;
    return true;
  }

  void write(const std::shared_ptr<Peer>& peer) {
    if (!peer->writing.empty() || peer->out.empty()) return;
    peer->writing.swap(peer->out);
    asio::async_write(peer->socket, asio::buffer(peer->writing),
                      [this, peer](const boost::system::error_code& failure, std::size_t) {
                        peer->writing.clear();
                        if (!failure) write(peer);
                      });
  }

  Decide decide_;
  asio::io_context io_{1};
  asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<Arrived> arrived_;
  std::vector<std::string> answered_;
  std::size_t connections_ = 0;
  std::map<std::string, std::weak_ptr<Peer>> peers_;
  std::thread thread_;
};

}  // namespace mj::simulator::testing
