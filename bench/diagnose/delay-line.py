"""A line between two network namespaces that holds every packet back: delay-line.py NEAR FAR MILLISECONDS_PER_ROUND_TRIP.

Two TUN devices, one in each namespace, and a queue in between; for kernels without netem."""
import ctypes, fcntl, heapq, os, select, struct, sys, time

libc = ctypes.CDLL(None, use_errno=True)
NEW_NETWORK, SET_INTERFACE, TUN_WITHOUT_HEADER = 0x40000000, 0x400454CA, 0x1001


def tun(namespace):
    inside = os.open(f"/var/run/netns/{namespace}", os.O_RDONLY)
    if libc.setns(inside, NEW_NETWORK) != 0:
        raise OSError(ctypes.get_errno(), "setns")
    os.close(inside)
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, SET_INTERFACE, struct.pack("16sH22x", b"delay0", TUN_WITHOUT_HEADER))
    return device


near, far = tun(sys.argv[1]), tun(sys.argv[2])
one_way = float(sys.argv[3]) / 2000
other = {near: far, far: near}
on_the_way, count = [], 0
print("ready", flush=True)
while True:
    patience = max(0, on_the_way[0][0] - time.monotonic()) if on_the_way else None
    for device in select.select([near, far], [], [], patience)[0]:
        while True:
            try:
                packet = os.read(device, 65535)
            except BlockingIOError:
                break
            count += 1
            heapq.heappush(on_the_way, (time.monotonic() + one_way, count, other[device], packet))
    while on_the_way and on_the_way[0][0] <= time.monotonic():
        _, _, device, packet = heapq.heappop(on_the_way)
        try:
            os.write(device, packet)
        except OSError:
            pass  # The other end is not up yet: lost, as on any line.
