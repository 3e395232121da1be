#!/usr/bin/env python3
"""hidden.py PROGRAM: once keys are read, a process that is killed leaves no core, and its user's other processes cannot look into it.
The same is tried without keys, where both must be possible: else nothing can be told here."""
import json, os, resource, shutil, signal, sys, tempfile, time

program = os.path.abspath(sys.argv[1])
NOBODY = 65534
if b'__asan_init' in open(program, 'rb').read():
    print('skipped: a sanitizer looks at the process itself')
    sys.exit(77)


def start(folder, argv, user):
    """The program waiting for its standard input, in folder, by a user of no rights where we have the choice."""
    take, give = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(take, 0)
        os.close(give)
        os.chdir(folder)
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        with open('out', 'w') as out:
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
        if user:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        os.execv(argv[0], argv)
    os.close(take)
    for _ in range(200):  # until it reads: then the keys are there
        try:
            if open(f'/proc/{pid}/syscall').read().startswith('0 0x0 '):
                break
        except OSError:
            break
        time.sleep(0.02)
    time.sleep(0.3)
    return pid, give


def peek(pid, user):
    """May another process of the user look into it?"""
    looker = os.fork()
    if looker == 0:
        try:
            if user:
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            os.open(f'/proc/{pid}/mem', os.O_RDONLY)
            os._exit(0)
        except OSError:
            os._exit(1)
    return os.waitpid(looker, 0)[1] == 0


def attempt(folder, argv, user):
    """argv without a sandbox, which would keep the kernel from writing a core."""
    pid, give = start(folder, argv, user)
    seen = peek(pid, user)
    os.kill(pid, signal.SIGABRT)
    status = os.waitpid(pid, 0)[1]
    os.close(give)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGABRT, (status, open(os.path.join(folder, 'out')).read())
    return seen, os.WCOREDUMP(status)


def main():
    user = os.getuid() == 0
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        mine = os.path.join(folder, 'ikescope')
        shutil.copy(program, mine)
        os.chmod(mine, 0o755)
        keys, psk = os.path.join(folder, 'keys.jsonl'), os.path.join(folder, 'psk')
        with open(keys, 'w') as to:
            to.write(json.dumps({'type': 'ike', 'spi_i': f'{1:016x}', 'spi_r': f'{2:016x}', 'encr_id': 12, 'key_bits': 128, 'sk_d': '1b' * 20}) + '\n')
        with open(psk, 'w') as to:
            to.write('r1.example "a secret of ours"\n')
        for path in (keys, psk):
            os.chmod(path, 0o600)
            if user:
                os.chown(path, NOBODY, NOBODY)
        seen, dumped = attempt(folder, [mine, '--no-sandbox', '-q', '-'], user)
        if not seen and not dumped:
            print('skipped: here no process leaves a core or may be looked into')
            return 77
        print(f'without keys: looked into {seen}, core {dumped}')
        bad = 0
        for what, argv in (('-k', [mine, '--no-sandbox', '-q', '-k', keys, '-']), ('--psk', [mine, '--no-sandbox', '-q', '--psk', psk, '-']), ('decrypt', [mine, 'decrypt', '--no-sandbox', '-', '-k', keys, '-o', os.path.join(folder, 'clear.pcap')])):
            got = attempt(folder, argv, user)
            print(f'{what}: looked into {got[0]}, core {got[1]}')
            bad += got != (False, False)
        return bad > 0


sys.exit(main())
