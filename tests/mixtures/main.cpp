// SPDX-License-Identifier: MIT
// The program of a mixture: main [-o file] [-r file] [libraries...]: does every fill of every part
// on every path of the machine, each path in a process of its own, and compares the hashes with
// those of the file after -r; writes them to the one after -o. Loads the libraries first (a name
// may come more than once, and "close" unloads the last). Then the refusals.
#include "part.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace {

Part* parts = nullptr;
int wrong = 0;
std::map<std::string, std::string> reference;

void say(const Part& part, const std::string& what) {
    std::printf("  %s: %s\n", part.name, what.c_str());
    ++wrong;
}

template <class Body> int in_child(const Body& body) {
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        body();
        std::fflush(stdout);
        _exit(wrong != 0 ? 1 : 0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

/// What is read of a stack without having been written is not zero.
[[gnu::noinline]] void dirty_stack() {
    volatile unsigned char bytes[1 << 17];
    for (volatile unsigned char& byte : bytes) byte = 0xa5;
}

void quiet_end(const char*) { _exit(42); }
void silent(const char*) {}

/// `other` sets the error handler.
void check(const Part& part, const Part& other, const char* out) {
    static const char* const paths[] = {"portable", "neon", "avx2", "avx512"};
    for (int path = 0; path < 4; ++path) {
        for (int kind = 0; kind < part.kinds; ++kind) {
            const std::string what = std::string(part.kind(kind)) + ", " + paths[path];
            const int status = in_child([&] {
                if (!part.path(path)) return;
                dirty_stack();
                const std::string hash = std::to_string(part.hash(kind));
                if (out != nullptr)
                    std::ofstream(out, std::ios::app) << part.kind(kind) << '=' << hash << '\n';
                const auto right = reference.find(part.kind(kind));
                if (right != reference.end() && right->second != hash)
                    say(part, what + ": other bits");
            });
            if (WIFSIGNALED(status))
                say(part, what + ": ended by signal " + std::to_string(WTERMSIG(status)));
            else
                wrong += status != 0;
        }
    }
    for (int which = 0; which < 3; ++which) {
        const std::string what = "refusal " + std::to_string(which);
        if (part.exceptions) {
            int status = in_child([&] {
                if (!part.refuses(which)) say(part, what + ": not caught by the object");
                other.handle(quiet_end);
                try {
                    part.refuse(which);
                } catch (const std::invalid_argument&) {
                    return;
                }
                say(part, what + ": not caught by the program");
            });
            if (WIFSIGNALED(status))
                say(part, what + ": ended by signal " + std::to_string(WTERMSIG(status)));
            else if (WEXITSTATUS(status) == 42)
                say(part, what + ": went to the handler");
            else
                wrong += status != 0;
        } else {
            const auto handled_by = [&](void (*handler)(const char*)) {
                return in_child([&] {
                    other.handle(handler);
                    part.refuse(which);
                });
            };
            int status = handled_by(quiet_end);
            if (!WIFEXITED(status) || WEXITSTATUS(status) != 42)
                say(part, what + ": no handler called");
            status = handled_by(silent);
            if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT)
                say(part, what + ": not aborted");
        }
    }
}

} // namespace

void add_part(Part* part) {
    if (part == nullptr) return;
    part->next = parts;
    parts = part;
}

int main(int argc, char** argv) {
    const char* out = nullptr;
    void* last = nullptr;
    Part* closed = nullptr;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument == "-o")
            out = argv[++i];
        else if (argument == "-r") {
            std::ifstream in(argv[++i]);
            for (std::string line; std::getline(in, line);)
                reference[line.substr(0, line.find('='))] = line.substr(line.find('=') + 1);
        } else if (argument == "close") {
            // A library that stays where it is, for its unique symbols, does not add its part
            // again.
            closed = parts;
            parts = parts->next;
            dlclose(last);
        } else if ((last = dlopen(argv[i], RTLD_NOW | (i % 2 == 0 ? RTLD_GLOBAL : RTLD_LOCAL))) ==
                   nullptr) {
            std::printf("  %s\n", dlerror());
            return 1;
        } else if (closed != nullptr && parts == nullptr) {
            parts = closed;
        }
    }
    int number = 0;
    for (const Part* part = parts; part != nullptr; part = part->next, ++number) {
        // Another object sets the handler; not another library, whose variables may be hidden.
        const bool alone = last != nullptr || part->next == nullptr;
        check(*part, alone ? *part : *part->next, out);
    }
    if (number == 0) ++wrong, std::puts("  no part");
    return wrong != 0;
}
